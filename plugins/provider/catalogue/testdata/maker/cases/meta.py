from make import case, mac

case("meta", "page.json", "octo-corp-meta-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'page'},
     items=[{'type': 'page', 'action': 'feed', 'time': '2025-06-12T10:00:00Z', 'tenant': '1017', 'subject': '44444444_444444444'}],
     sign=lambda key, body, url: {"x-hub-signature-256": "sha256=" + mac("sha256", key, body).hex()})
