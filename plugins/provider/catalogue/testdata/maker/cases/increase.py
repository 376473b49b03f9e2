from make import case, std

case("increase", "account.created.json", "whsec_b2N0by1jb3JwLWluY3JlYXNlLWtleS1vZi0zMi1ieXQ=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'account', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'subject': 'account_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("increase", "account.created.json", "whsec_b2N0by1jb3JwLWluY3JlYXNlLWtleS1vZi0zMi1ieXQ=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'account', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'subject': 'account_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))
