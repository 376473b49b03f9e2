from make import case, mac

case("workos", "dsync.user.created.json", "octo-corp-workos-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'dsync.user', 'action': 'created', 'id': 'event_01octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org_01octo', 'subject': 'directory_user_01octo'},
     sign=lambda key, body, url: {"workos-signature": "t=1700000000000, v1=" + mac("sha256", key, b"1700000000000." + body).hex()})
