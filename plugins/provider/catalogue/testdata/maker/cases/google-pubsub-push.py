from make import RSA_KID, case, jwt_rs, key_file

case("google-pubsub-push", "message.json", "",
     settings={'audience': 'https://hooks.octo-corp.example/google-pubsub-push', 'service_account': 'octo@octo-corp.iam.gserviceaccount.com'},
     jwks={"https://www.googleapis.com/oauth2/v3/certs": key_file("rsa.jwks")},
     content_type="application/json",
     proof={'scheme': 'oidc', 'secret': '1'},
     facts={'type': 'message', 'id': '2070443601311540', 'time': '2025-06-12T10:00:00Z', 'tenant': 'projects/octo-corp/subscriptions/shop', 'subject': 'order-1001'},
     sign=lambda key, body, url: {"authorization": "Bearer " + jwt_rs(RSA_KID, {"aud": "https://hooks.octo-corp.example/google-pubsub-push", "azp": "113774264463038321964", "email": "octo@octo-corp.iam.gserviceaccount.com", "email_verified": True, "exp": 1700003600, "iat": 1700000000, "iss": "https://accounts.google.com", "sub": "113774264463038321964"})})
