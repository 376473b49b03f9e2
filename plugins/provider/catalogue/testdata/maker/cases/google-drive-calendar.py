from make import case

case("google-drive-calendar", "update.none", "octo-corp-google-drive-calendar-signing-secret",
     headers={'x-goog-resource-state': 'update', 'x-goog-channel-id': 'octo-channel-1', 'x-goog-message-number': '17', 'x-goog-resource-id': 'ret08u3rv24htgh289g'},
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'update', 'id': 'octo-channel-1:17', 'tenant': 'octo-channel-1', 'subject': 'ret08u3rv24htgh289g'},
     sign=lambda key, body, url: {"x-goog-channel-token": key.decode()})
