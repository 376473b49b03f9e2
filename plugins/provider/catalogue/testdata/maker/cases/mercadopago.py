from make import case, mac

case("mercadopago", "payment.json", "octo-corp-mercadopago-signing-secret",
     url="https://hooks.octo-corp.example/mercadopago?data.id=999999999&type=payment",
     content_type="application/json",
     headers={'x-request-id': '2066ca19-octo'},
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'payment', 'action': 'payment.created', 'id': '12345', 'time': '2025-06-12T14:00:00Z', 'tenant': '44444', 'subject': '999999999'},
     sign=lambda key, body, url: {"x-signature": "ts=1700000000,v1=" + mac("sha256", key, b"id:999999999;request-id:2066ca19-octo;ts:1700000000;").hex()})
