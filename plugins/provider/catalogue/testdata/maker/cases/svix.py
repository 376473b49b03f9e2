from make import case, std

case("svix", "invoice.paid.json", "whsec_b2N0by1jb3JwLXN2aXgta2V5LW9mLTMyLWJ5dGVzISE=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'invoice', 'action': 'paid', 'time': '2023-11-14T22:13:20Z', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("svix", "invoice.paid.json", "whsec_b2N0by1jb3JwLXN2aXgta2V5LW9mLTMyLWJ5dGVzISE=",
     name="webhook_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'invoice', 'action': 'paid', 'time': '2023-11-14T22:13:20Z', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))
