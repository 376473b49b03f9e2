from make import case, mac

case("duffel", "order.created.json", "octo-corp-duffel-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'order', 'action': 'created', 'id': 'eve_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'ord_octo_1'},
     sign=lambda key, body, url: {"x-duffel-signature": "t=1700000000,v1=" + mac("sha256", key, b"1700000000." + body).hex()})
