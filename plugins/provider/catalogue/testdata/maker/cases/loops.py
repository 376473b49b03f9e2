from make import case, std

case("loops", "email.delivered.json", "whsec_b2N0by1jb3JwLWxvb3BzLWtleS1vZi0zMi1ieXRlcyE=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'email', 'action': 'delivered', 'time': '2025-06-12T10:00:00Z', 'subject': 'cnt_octo_17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("loops", "email.delivered.json", "whsec_b2N0by1jb3JwLWxvb3BzLWtleS1vZi0zMi1ieXRlcyE=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'email', 'action': 'delivered', 'time': '2025-06-12T10:00:00Z', 'subject': 'cnt_octo_17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))
