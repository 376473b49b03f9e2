from make import case

case("docker-hub", "push.json", "octo-corp-docker-hub-secret",
     url="https://hooks.octo-corp.example/docker-hub?secret=octo-corp-docker-hub-secret",
     content_type="application/json",
     proof={'scheme': 'query', 'secret': '1'},
     facts={'type': 'push', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo', 'subject': 'octo/gloves'},
     sign=lambda key, body, url: {})
