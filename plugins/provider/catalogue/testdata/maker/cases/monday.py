from make import case, jwt_hs

case("monday", "create_pulse.json", "octo-corp-monday-signing-secret",
     content_type="application/json",
     proof={'scheme': 'jwt', 'secret': '1'},
     facts={'type': 'create_pulse', 'id': 'b5ed2e17-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': '1771812698', 'subject': '1772099344'},
     sign=lambda key, body, url: {"authorization": jwt_hs(key, {"accountId": 17, "userId": 9603417, "aud": "https://hooks.octo-corp.example/monday", "exp": 1700000300, "iat": 1700000000})})
