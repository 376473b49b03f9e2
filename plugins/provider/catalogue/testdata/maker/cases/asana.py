from make import case, mac

case("asana", "task.changed.json", "octo-corp-asana-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'task', 'action': 'changed', 'time': '2025-06-12T10:00:00Z', 'subject': '9001'}],
     sign=lambda key, body, url: {"x-hook-signature": mac("sha256", key, body).hex()})
