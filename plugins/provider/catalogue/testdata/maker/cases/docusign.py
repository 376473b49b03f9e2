from make import b64, case, mac

case("docusign", "envelope-completed.json", "octo-corp-docusign-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'envelope-completed', 'id': 'env-octo-17:envelope-completed:2025-06-12T10%3A00%3A00.0000000Z', 'time': '2025-06-12T10:00:00Z', 'tenant': 'acc-octo', 'subject': 'env-octo-17'},
     sign=lambda key, body, url: {"x-docusign-signature-1": b64(mac("sha256", key, body)), "x-authorization-digest": "HMACSHA256"})
