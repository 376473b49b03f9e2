from make import case, mac

case("pandadoc", "document_state_changed.json", "octo-corp-pandadoc-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'document_state_changed', 'time': '2025-06-12T10:00:00Z', 'subject': 'msFYActMfJHqNTKH8YSvF1'}],
     sign=lambda key, body, url: {"url": "https://hooks.octo-corp.example/pandadoc?signature=" + mac("sha256", key, body).hex()})
