from make import case, mac

case("discourse", "topic_created.json", "octo-corp-discourse-signing-secret",
     content_type="application/json",
     headers={'x-discourse-event': 'topic_created', 'x-discourse-event-type': 'topic', 'x-discourse-event-id': '1751', 'x-discourse-instance': 'https://forum.octo-corp.example'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'topic_created', 'id': '1751', 'tenant': 'https://forum.octo-corp.example', 'subject': '42'},
     sign=lambda key, body, url: {"x-discourse-event-signature": "sha256=" + mac("sha256", key, body).hex()})

case("discourse", "topic_created.json", "octo-corp-discourse-signing-secret",
     content_type="application/json",
     headers={'x-discourse-event': 'topic_created', 'x-discourse-event-type': 'topic', 'x-discourse-event-id': '1751', 'x-discourse-instance': 'https://forum.octo-corp.example'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'topic_created', 'id': '1751', 'tenant': 'https://forum.octo-corp.example', 'subject': '42'},
     sign=lambda key, body, url: {"x-discourse-event-signature": "sha256=" + mac("sha256", key, body).hex()})
