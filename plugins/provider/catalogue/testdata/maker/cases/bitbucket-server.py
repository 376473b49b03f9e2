from make import case, mac

case("bitbucket-server", "repo%3Arefs_changed.json", "octo-corp-bitbucket-server-signing-secret",
     content_type="application/json",
     headers={'x-event-key': 'repo:refs_changed', 'x-request-id': 'f0a1c7b2-6d55-4c15-8b9a-9f1f4b1f9a01'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'repo', 'action': 'refs_changed', 'id': 'f0a1c7b2-6d55-4c15-8b9a-9f1f4b1f9a01', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OCTO', 'subject': 'hello-world'},
     sign=lambda key, body, url: {"x-hub-signature": "sha256=" + mac("sha256", key, body).hex()})
