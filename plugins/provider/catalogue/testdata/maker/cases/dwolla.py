from make import case, mac

case("dwolla", "customer_created.json", "octo-corp-dwolla-signing-secret",
     content_type="application/json",
     headers={'x-dwolla-topic': 'customer_created'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'customer_created', 'id': 'cac95329-9fa5-42f1-a4fc-c08af7b868fb', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://api.dwolla.com/accounts/octo', 'subject': 'cdb5f779-62ad-e611-80e6-0aa34a9b2388'},
     sign=lambda key, body, url: {"x-request-signature-sha-256": mac("sha256", key, body).hex()})
