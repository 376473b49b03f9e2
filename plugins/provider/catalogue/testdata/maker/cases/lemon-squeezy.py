from make import case, mac

case("lemon-squeezy", "order_created.json", "octo-corp-lemon-squeezy-signing-secret",
     content_type="application/json",
     headers={'x-event-name': 'order_created'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'order_created', 'time': '2025-06-12T10:00:00Z', 'tenant': '1', 'subject': '1'},
     sign=lambda key, body, url: {"x-signature": mac("sha256", key, body).hex()})
