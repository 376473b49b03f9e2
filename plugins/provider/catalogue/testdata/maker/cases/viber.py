from make import case, mac

case("viber", "message.json", "octo-corp-viber-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'message', 'time': '2025-06-12T10:00:00Z', 'tenant': 'SN-CHAT-17_', 'subject': '01234567890A='},
     sign=lambda key, body, url: {"x-viber-content-signature": mac("sha256", key, body).hex()})
