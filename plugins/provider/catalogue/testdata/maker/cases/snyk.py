from make import case, mac

case("snyk", "project_snapshot__v0.json", "octo-corp-snyk-signing-secret",
     content_type="application/json",
     headers={'x-snyk-event': 'project_snapshot/v0', 'x-snyk-timestamp': '2025-06-12T10:00:00Z', 'x-snyk-transport-id': '998fe884-octo'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'project_snapshot', 'action': 'v0', 'id': '998fe884-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org-octo', 'subject': 'prj-octo-17'},
     sign=lambda key, body, url: {"x-hub-signature": "sha256=" + mac("sha256", key, body).hex()})
