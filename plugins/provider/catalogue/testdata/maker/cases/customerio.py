from make import case, mac

case("customerio", "email.delivered.json", "octo-corp-customerio-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'email', 'action': 'delivered', 'id': '01E4C4CT6YDC7Y5M7FE1GWWPQJ', 'time': '2025-06-12T10:00:00Z', 'subject': '17'},
     sign=lambda key, body, url: {"x-cio-signature": mac("sha256", key, b"v0:1700000000:" + body).hex(), "x-cio-timestamp": "1700000000"})
