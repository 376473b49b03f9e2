from make import case, mac

case("intercom", "conversation.user.created.json", "octo-corp-intercom-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'conversation.user', 'action': 'created', 'id': 'notif_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octoapp1', 'subject': '1017'},
     sign=lambda key, body, url: {"x-hub-signature": "sha1=" + mac("sha1", key, body).hex()})
