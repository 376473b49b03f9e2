from make import b64, case, ed_sign, key_file

case("telnyx", "call.answered.json", key_file("ed25519.b64"),
     content_type="application/json",
     proof={'scheme': 'ed25519', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'call', 'action': 'answered', 'id': '0ccc7b54-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': '7267xxxxxxxxxxxxxx', 'subject': 'v3:octo17'},
     sign=lambda key, body, url: {"telnyx-timestamp": "1700000000", "telnyx-signature-ed25519": b64(ed_sign(b"1700000000|" + body))})
