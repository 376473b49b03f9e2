from make import b64, case

case("azure-devops", "git.push.json", "octo:correct-horse-battery",
     content_type="application/json",
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'git', 'action': 'push', 'id': '03c164c2-8912-4d5e-8009-3707d5f83734', 'time': '2025-06-12T10:00:00Z', 'tenant': 'f844ec47', 'subject': 'hello-world'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})
