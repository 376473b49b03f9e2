from make import case, mac

case("notion", "page.created.json", "octo-corp-notion-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'page', 'action': 'created', 'id': '367cba44-b6f3-4c92-81e7-6a2e9659efd4', 'time': '2025-06-12T10:00:00Z', 'tenant': '13950b26-octo', 'subject': '153104cd-octo'},
     sign=lambda key, body, url: {"x-notion-signature": "sha256=" + mac("sha256", key, body).hex()})
