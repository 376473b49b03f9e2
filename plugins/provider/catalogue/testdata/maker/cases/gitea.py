from make import case, mac

case("gitea", "push.json", "octo-corp-gitea-signing-secret",
     content_type="application/json",
     headers={'x-gitea-event': 'push', 'x-gitea-event-type': 'push', 'x-gitea-delivery': 'f6266f16-1bf3-46a5-9ea4-602e06ead473'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'push', 'id': 'f6266f16-1bf3-46a5-9ea4-602e06ead473', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-gitea-signature": mac("sha256", key, body).hex()})

case("gitea", "push.json", "octo-corp-gitea-signing-secret",
     name="forgejo",
     scheme="forgejo",
     content_type="application/json",
     headers={'x-gitea-event': 'push', 'x-gitea-event-type': 'push', 'x-gitea-delivery': 'f6266f16-1bf3-46a5-9ea4-602e06ead473'},
     proof={'scheme': 'forgejo', 'secret': '1'},
     facts={'type': 'push', 'id': 'f6266f16-1bf3-46a5-9ea4-602e06ead473', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-forgejo-signature": mac("sha256", key, body).hex()})
