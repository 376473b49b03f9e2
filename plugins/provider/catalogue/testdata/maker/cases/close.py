from make import case, mac, unhex

case("close", "lead.updated.json", "6f63746f2d636f72702d636c6f73652d7369676e61747572652d6b65792d303031",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'lead', 'action': 'updated', 'id': 'ev_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'orga_octo', 'subject': 'lead_17'},
     sign=lambda key, body, url: {"close-sig-hash": mac("sha256", unhex(key), b"1700000000" + body).hex(), "close-sig-timestamp": "1700000000"})
