from make import case, mac

case("onfido", "check.completed.json", "octo-corp-onfido-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'check', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'tenant': 'check', 'subject': '8546921-octo'},
     sign=lambda key, body, url: {"x-sha2-signature": mac("sha256", key, body).hex()})
