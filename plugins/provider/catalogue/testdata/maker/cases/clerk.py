from make import case, std

case("clerk", "user.created.json", "whsec_b2N0by1jb3JwLWNsZXJrLWtleS1vZi0zMi1ieXRlcyE=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'user', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ins_octo', 'subject': 'user_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("clerk", "user.created.json", "whsec_b2N0by1jb3JwLWNsZXJrLWtleS1vZi0zMi1ieXRlcyE=",
     name="webhook_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'user', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ins_octo', 'subject': 'user_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))
