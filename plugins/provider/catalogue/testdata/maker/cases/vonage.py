from make import case, jwt_hs, sha

case("vonage", "delivered.json", "octo-corp-vonage-signing-secret",
     content_type="application/json",
     proof={'scheme': 'jwt', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'delivered', 'time': '2025-06-12T10:00:00Z', 'subject': 'aaaaaaaa-octo-17'},
     sign=lambda key, body, url: {"authorization": "Bearer " + jwt_hs(key, {"iat": 1700000000, "jti": "octo-17", "iss": "Vonage", "payload_hash": sha("sha256", body).hex(), "api_key": "octo"})})
