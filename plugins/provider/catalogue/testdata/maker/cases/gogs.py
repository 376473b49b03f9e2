from make import case, mac

case("gogs", "create.json", "octo-corp-gogs-signing-secret",
     content_type="application/json",
     headers={'x-gogs-event': 'create', 'x-gogs-delivery': 'f8a1f6b0-4a7c-4a64-9c4e-0c6f0octo001'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'create', 'id': 'f8a1f6b0-4a7c-4a64-9c4e-0c6f0octo001', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-gogs-signature": mac("sha256", key, body).hex()})
