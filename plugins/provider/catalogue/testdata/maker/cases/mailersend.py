from make import case, mac

case("mailersend", "activity.delivered.json", "octo-corp-mailersend-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'activity', 'action': 'delivered', 'id': 'activity.delivered:62f114f8165fe0d8db0288e5:2025-06-12T10:00:00.000000Z', 'time': '2025-06-12T10:00:00Z', 'tenant': 'yv69oxl5kl785kw2', 'subject': '62f114f7165fe0d8db0288e2'},
     sign=lambda key, body, url: {"signature": mac("sha256", key, body).hex()})
