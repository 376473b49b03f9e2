from make import EC_KID, case, jwt_es, key_file, sha

case("plaid", "TRANSACTIONS.json", key_file("ec.jwk"),
     content_type="application/json",
     proof={'scheme': 'jwt', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'TRANSACTIONS', 'action': 'SYNC_UPDATES_AVAILABLE', 'tenant': 'sandbox', 'subject': 'wz666MBjYWTp2PDzzggYhM6oWWmBb'},
     sign=lambda key, body, url: {"plaid-verification": jwt_es(EC_KID, {"iat": 1700000000, "request_body_sha256": sha("sha256", body).hex()})})
