from make import case, mac

case("bitbucket", "repo%3Apush.json", "octo-corp-bitbucket-signing-secret",
     content_type="application/json",
     headers={'x-event-key': 'repo:push', 'x-request-uuid': '5c0f1d0a-3c1d-4e0b-9c8e-4a2f9d6b7e10'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'repo', 'action': 'push', 'id': '5c0f1d0a-3c1d-4e0b-9c8e-4a2f9d6b7e10', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-hub-signature": "sha256=" + mac("sha256", key, body).hex()})
