from make import case, mac

case("sentry", "issue.json", "octo-corp-sentry-signing-secret",
     content_type="application/json",
     headers={'request-id': '4eb2-octo', 'sentry-hook-resource': 'issue', 'sentry-hook-timestamp': '1749722400'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'issue', 'action': 'created', 'id': '4eb2-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'a8e5d37a-octo', 'subject': '1170820242'},
     sign=lambda key, body, url: {"sentry-hook-signature": mac("sha256", key, body).hex()})
