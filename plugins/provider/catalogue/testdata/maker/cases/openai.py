from make import case, std

case("openai", "response.completed.json", "whsec_b2N0by1jb3JwLW9wZW5haS1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'response', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'subject': 'resp_octo_17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("openai", "response.completed.json", "whsec_b2N0by1jb3JwLW9wZW5haS1rZXktb2YtMzItYnl0ZXM=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'response', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'subject': 'resp_octo_17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))
