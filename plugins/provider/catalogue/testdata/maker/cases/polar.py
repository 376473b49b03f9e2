from make import case, std

case("polar", "order.paid.json", "octo-corp-polar-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'order', 'action': 'paid', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org-octo', 'subject': 'ord-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, decode=False))

case("polar", "order.paid.json", "octo-corp-polar-signing-secret",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'order', 'action': 'paid', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org-octo', 'subject': 'ord-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix", decode=False))
