from make import case, std

case("beehiiv", "subscription.created.json", "whsec_b2N0by1jb3JwLWJlZWhpaXYta2V5LW9mLTMyLWJ5dGU=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'subscription', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'pub_octo', 'subject': 'sub_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("beehiiv", "subscription.created.json", "whsec_b2N0by1jb3JwLWJlZWhpaXYta2V5LW9mLTMyLWJ5dGU=",
     name="webhook_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'subscription', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'pub_octo', 'subject': 'sub_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))
