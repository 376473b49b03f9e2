from make import case, mac

case("recurly", "account.json", "octo-corp-recurly-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'account', 'action': 'updated', 'time': '2025-06-12T10:00:00Z', 'tenant': 'rtqoctosite', 'subject': 'rtrnoctohook1'},
     sign=lambda key, body, url: {"recurly-signature": "1700000000000," + mac("sha256", key, b"1700000000000." + body).hex()})
