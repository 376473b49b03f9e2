from make import case, mac

case("paddle", "transaction.completed.json", "octo-corp-paddle-signing-secret",
     content_type="application/json",
     proof={'scheme': 'h1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'transaction', 'action': 'completed', 'id': 'evt_01octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ctm_01octo', 'subject': 'txn_01octo'},
     sign=lambda key, body, url: {"paddle-signature": "ts=1700000000;h1=" + mac("sha256", key, b"1700000000:" + body).hex()})
