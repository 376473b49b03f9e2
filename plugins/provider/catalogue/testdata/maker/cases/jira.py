from make import case, mac

case("jira", "jira%3Aissue_updated.json", "octo-corp-jira-signing-secret",
     content_type="application/json",
     headers={'x-atlassian-webhook-identifier': '7f0fb8b5-octo'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'jira:issue_updated', 'id': '7f0fb8b5-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OCTO', 'subject': 'OCTO-17'},
     sign=lambda key, body, url: {"x-hub-signature": "sha256=" + mac("sha256", key, body).hex()})
