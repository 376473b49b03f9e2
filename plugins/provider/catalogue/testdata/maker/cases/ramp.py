from make import case, mac

case("ramp", "transactions.cleared.json", "octo-corp-ramp-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'transactions', 'action': 'cleared', 'id': 'evt-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'biz-octo', 'subject': 'trn-octo-17'},
     sign=lambda key, body, url: {"x-ramp-signature": mac("sha256", key, body).hex()})
