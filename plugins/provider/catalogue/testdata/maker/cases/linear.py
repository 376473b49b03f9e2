from make import case, mac

case("linear", "Issue.json", "octo-corp-linear-signing-secret",
     at=1749722400,
     content_type="application/json",
     headers={'linear-delivery': '234d1a4e-octo', 'linear-event': 'Issue'},
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1749722400},
     facts={'type': 'Issue', 'action': 'update', 'id': '234d1a4e-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org-octo', 'subject': '2174add1-octo'},
     sign=lambda key, body, url: {"linear-signature": mac("sha256", key, body).hex()})
