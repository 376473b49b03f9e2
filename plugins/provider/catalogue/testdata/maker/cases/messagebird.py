from make import case, jwt_hs, sha

case("messagebird", "message.created.json", "octo-corp-messagebird-signing-secret",
     url="https://hooks.octo-corp.example/messagebird",
     content_type="application/json",
     proof={'scheme': 'jwt', 'secret': '1'},
     facts={'type': 'message', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ws-octo', 'subject': 'cnv-17'},
     sign=lambda key, body, url: {"messagebird-signature-jwt": jwt_hs(key, {"iss": "MessageBird", "nbf": 1700000000, "exp": 1700000060, "jti": "octo-17", "url_hash": sha("sha256", url).hex(), "payload_hash": sha("sha256", body).hex()})})
