from make import b64url, case, mac

case("sanity", "create.json", "octo-corp-sanity-signing-secret",
     content_type="application/json",
     headers={'idempotency-key': 'idem-octo-1', 'sanity-operation': 'create', 'sanity-project-id': 'octoproj', 'sanity-document-id': 'glove-17', 'sanity-transaction-time': '2025-06-12T10:00:00.000Z'},
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'create', 'id': 'idem-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octoproj', 'subject': 'glove-17'},
     sign=lambda key, body, url: {"sanity-webhook-signature": "t=1700000000000,v1=" + b64url(mac("sha256", key, b"1700000000000." + body))})
