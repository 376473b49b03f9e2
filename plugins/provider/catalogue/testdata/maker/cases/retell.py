from make import case, mac

case("retell", "call_ended.json", "octo-corp-retell-signing-secret",
     content_type="application/json",
     proof={'scheme': 'd', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'call_ended', 'time': '2025-06-12T10:00:00Z', 'tenant': 'agent_octo', 'subject': 'call_octo_17'},
     sign=lambda key, body, url: {"x-retell-signature": "v=1700000000000,d=" + mac("sha256", key, body + b"1700000000000").hex()})
