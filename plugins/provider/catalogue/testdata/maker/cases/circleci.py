from make import case, mac

case("circleci", "workflow-completed.json", "octo-corp-circleci-signing-secret",
     content_type="application/json",
     headers={'circleci-event-type': 'workflow-completed'},
     proof={'scheme': 'v1', 'secret': '1'},
     facts={'type': 'workflow-completed', 'id': '3888f21b-eaa7-38e3-8f3d-75a63bba8895', 'time': '2025-06-12T10:00:00Z', 'tenant': 'f22b6566', 'subject': 'github/octo-corp/hello-world'},
     sign=lambda key, body, url: {"circleci-signature": "v1=" + mac("sha256", key, body).hex()})
