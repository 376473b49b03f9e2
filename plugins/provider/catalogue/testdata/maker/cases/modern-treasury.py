from make import case, mac

case("modern-treasury", "payment_order.json", "octo-corp-modern-treasury-signing-secret",
     content_type="application/json",
     headers={'x-topic': 'payment_order', 'x-event-id': 'evt-octo-1'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'payment_order', 'action': 'completed', 'id': 'evt-octo-1', 'time': '2025-06-12T10:00:00Z', 'subject': 'f8e1-octo-17'},
     sign=lambda key, body, url: {"x-signature": mac("sha256", key, body).hex()})
