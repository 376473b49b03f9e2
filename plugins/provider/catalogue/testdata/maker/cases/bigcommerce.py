from make import case, std

case("bigcommerce", "store__order__created.json", "octo-corp-bigcommerce-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'store/order/created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'stores/octo1', 'subject': '250', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, decode=False))

case("bigcommerce", "store__order__created.json", "octo-corp-bigcommerce-signing-secret",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'store/order/created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'stores/octo1', 'subject': '250', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix", decode=False))
