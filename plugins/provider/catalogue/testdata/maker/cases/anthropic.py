from make import case, std

case("anthropic", "session.status_idled.json", "whsec_b2N0by1jb3JwLWFudGhyb3BpYy1rZXktb2YtMzItYnk=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'session', 'action': 'status_idled', 'time': '2025-06-12T10:00:00Z', 'subject': 'sesn_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("anthropic", "session.status_idled.json", "whsec_b2N0by1jb3JwLWFudGhyb3BpYy1rZXktb2YtMzItYnk=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'session', 'action': 'status_idled', 'time': '2025-06-12T10:00:00Z', 'subject': 'sesn_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))
