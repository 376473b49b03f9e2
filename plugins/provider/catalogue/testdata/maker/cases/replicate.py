from make import case, std

case("replicate", "prediction.json", "whsec_b2N0by1jb3JwLXJlcGxpY2F0ZS1rZXktb2YtMzItYnk=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'prediction', 'action': 'succeeded', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp/gloves', 'subject': 'ufawqhfynnddngldkgtslldrkq', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("replicate", "prediction.json", "whsec_b2N0by1jb3JwLXJlcGxpY2F0ZS1rZXktb2YtMzItYnk=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'prediction', 'action': 'succeeded', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp/gloves', 'subject': 'ufawqhfynnddngldkgtslldrkq', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))
