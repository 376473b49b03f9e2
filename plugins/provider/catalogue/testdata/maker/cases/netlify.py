from make import case, jwt_hs, sha

case("netlify", "ready.json", "octo-corp-netlify-signing-secret",
     content_type="application/json",
     proof={'scheme': 'jwt', 'secret': '1'},
     facts={'type': 'ready', 'time': '2025-06-12T10:00:00Z', 'tenant': 'd1f2-octo', 'subject': 'octo-shop'},
     sign=lambda key, body, url: {"x-webhook-signature": jwt_hs(key, {"iss": "netlify", "sha256": sha("sha256", body).hex()})})
