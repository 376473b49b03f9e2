from make import b64, case, mac

case("box", "FILE.UPLOADED.json", "octo-corp-box-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'FILE', 'action': 'UPLOADED', 'id': 'eb0c4e06-751f-442c-86f8-fd5bb404dbec', 'time': '2025-06-12T10:00:00Z', 'tenant': '226067247', 'subject': '73835521473'},
     sign=lambda key, body, url: {"box-signature-primary": b64(mac("sha256", key, body + b"2023-11-14T14:13:20-08:00")), "box-delivery-timestamp": "2023-11-14T14:13:20-08:00", "box-signature-version": "1", "box-signature-algorithm": "HmacSHA256"})
