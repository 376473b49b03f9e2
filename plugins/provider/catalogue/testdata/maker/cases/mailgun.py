from make import case, mac

case("mailgun", "delivered.json", "octo-corp-mailgun-signing-secret",
     content_type="application/json",
     fill=lambda key, body: {"@SIG@": mac("sha256", key, b"17000000007e9d4a2b1c0f8e6d5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e").hex()},
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'delivered', 'id': '7e9d4a2b1c0f8e6d5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e', 'time': '2025-06-12T10:00:00.129Z', 'tenant': 'mg.octo-corp.example', 'subject': '20250612100000.1.octo@octo-corp.example'},
     sign=lambda key, body, url: {})
