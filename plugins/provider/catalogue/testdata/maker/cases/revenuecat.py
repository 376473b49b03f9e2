from make import case, mac

case("revenuecat", "INITIAL_PURCHASE.json", "octo-corp-revenuecat-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'INITIAL_PURCHASE', 'id': '12345678-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'app_octo', 'subject': 'ana'},
     sign=lambda key, body, url: {"x-revenuecat-webhook-signature": "t=1700000000,v1=" + mac("sha256", key, b"1700000000." + body).hex()})

case("revenuecat", "INITIAL_PURCHASE.json", "octo-corp-revenuecat-shared-token",
     name="token_chosen",
     scheme="token",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'INITIAL_PURCHASE', 'id': '12345678-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'app_octo', 'subject': 'ana'},
     sign=lambda key, body, url: {"authorization": key.decode()})
