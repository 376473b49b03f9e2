from make import case, mac

case("pagerduty", "incident.triggered.json", "octo-corp-pagerduty-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1'},
     facts={'type': 'incident', 'action': 'triggered', 'id': '01BZOCTO', 'time': '2025-06-12T10:00:00Z', 'tenant': 'PF9KMXH', 'subject': 'Q1OCTO'},
     sign=lambda key, body, url: {"x-pagerduty-signature": "v1=" + mac("sha256", key, body).hex()})
