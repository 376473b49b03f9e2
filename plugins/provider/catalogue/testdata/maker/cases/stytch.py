from make import case, std

case("stytch", "user.json", "whsec_b2N0by1jb3JwLXN0eXRjaC1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'user', 'action': 'CREATE', 'time': '2025-06-12T10:00:00Z', 'tenant': 'project-octo', 'subject': 'user-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("stytch", "user.json", "whsec_b2N0by1jb3JwLXN0eXRjaC1rZXktb2YtMzItYnl0ZXM=",
     name="webhook_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'user', 'action': 'CREATE', 'time': '2025-06-12T10:00:00Z', 'tenant': 'project-octo', 'subject': 'user-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))
