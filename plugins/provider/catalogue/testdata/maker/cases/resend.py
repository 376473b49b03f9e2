from make import case, std

case("resend", "email.delivered.json", "whsec_b2N0by1jb3JwLXJlc2VuZC1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'email', 'action': 'delivered', 'time': '2025-06-12T10:00:00Z', 'subject': '56761188-octo', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("resend", "email.delivered.json", "whsec_b2N0by1jb3JwLXJlc2VuZC1rZXktb2YtMzItYnl0ZXM=",
     name="webhook_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'email', 'action': 'delivered', 'time': '2025-06-12T10:00:00Z', 'subject': '56761188-octo', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))
