from make import b64, case, jwt_hs, sha

case("fusionauth", "user.create.complete.json", "octo-corp-fusionauth-signing-secret",
     content_type="application/json",
     proof={'scheme': 'hs', 'secret': '1'},
     facts={'type': 'user.create', 'action': 'complete', 'id': 'e502168a-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'e872a880-octo', 'subject': '6d2a1b3c-octo'},
     sign=lambda key, body, url: {"x-fusionauth-signature-jwt": jwt_hs(key, {"request_body_sha256": b64(sha("sha256", body))})})
