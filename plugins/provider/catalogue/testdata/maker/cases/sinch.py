from make import b64, case, mac

case("sinch", "TO_APP.json", "octo-corp-sinch-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'message', 'id': '01OCTOMSG17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'prj-octo', 'subject': '01OCTOAPP'},
     sign=lambda key, body, url: {"x-sinch-webhook-signature": b64(mac("sha256", key, body + b".01FJA8B4A7BM43YGWSG9GBV067.1700000000")), "x-sinch-webhook-signature-nonce": "01FJA8B4A7BM43YGWSG9GBV067", "x-sinch-webhook-signature-timestamp": "1700000000", "x-sinch-webhook-signature-algorithm": "HmacSHA256"})
