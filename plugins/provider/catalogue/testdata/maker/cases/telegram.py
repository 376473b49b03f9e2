from make import case

case("telegram", "update.json", "octo-corp-telegram-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'message', 'id': '10000017', 'time': '2025-06-12T10:00:00Z', 'subject': '1111111'},
     sign=lambda key, body, url: {"x-telegram-bot-api-secret-token": key.decode()})
