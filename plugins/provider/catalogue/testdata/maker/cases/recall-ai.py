from make import case, std

case("recall-ai", "bot.done.json", "whsec_b2N0by1jb3JwLXJlY2FsbC1haS1rZXktb2YtMzItYnk=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'bot', 'action': 'done', 'time': '2025-06-12T10:00:00Z', 'subject': 'bot-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("recall-ai", "bot.done.json", "whsec_b2N0by1jb3JwLXJlY2FsbC1haS1rZXktb2YtMzItYnk=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'bot', 'action': 'done', 'time': '2025-06-12T10:00:00Z', 'subject': 'bot-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))
