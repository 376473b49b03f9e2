from make import case

case("huggingface", "repo.content.json", "octo-corp-huggingface-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'repo.content', 'action': 'update', 'tenant': '628b753283ef59b5be89e937', 'subject': 'octo-corp/gloves'},
     sign=lambda key, body, url: {"x-webhook-secret": key.decode()})
