from make import case

case("cloudevents", "example.octo.order.created.json", "octo-corp-cloudevents-signing-secret",
     content_type="application/cloudevents+json",
     proof={'scheme': 'bearer', 'secret': '1'},
     facts={'type': 'example.octo.order', 'action': 'created', 'id': 'ce-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': '/octo-corp/shop', 'subject': 'orders/1001'},
     sign=lambda key, body, url: {"authorization": "Bearer " + key.decode()})

case("cloudevents", "example.octo.order.created.json", "octo-corp-cloudevents-shared-token",
     name="query_chosen",
     scheme="query",
     content_type="application/cloudevents+json",
     proof={'scheme': 'query', 'secret': '1'},
     facts={'type': 'example.octo.order', 'action': 'created', 'id': 'ce-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': '/octo-corp/shop', 'subject': 'orders/1001'},
     sign=lambda key, body, url: {"url": "https://hooks.octo-corp.example/cloudevents?access_token=" + key.decode()})
