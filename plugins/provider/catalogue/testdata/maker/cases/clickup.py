from make import case, mac

case("clickup", "taskUpdated.json", "octo-corp-clickup-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'taskUpdated', 'id': 'taskUpdated:2800763136717140857', 'time': '2025-06-12T10:00:00Z', 'tenant': '7fa3ec74-69a8-4530-a251-8a13730bd204', 'subject': '1vj37mc'},
     sign=lambda key, body, url: {"x-signature": mac("sha256", key, body).hex()})
