from make import case, std

case("lithic", "card.created.json", "whsec_b2N0by1jb3JwLWxpdGhpYy1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'card', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'subject': 'crd-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("lithic", "card.created.json", "whsec_b2N0by1jb3JwLWxpdGhpYy1rZXktb2YtMzItYnl0ZXM=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'card', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'subject': 'crd-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))
