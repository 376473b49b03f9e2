from make import case, mac

case("twitch", "stream.online.json", "octo-corp-twitch-signing-secret",
     at=1700000000,
     content_type="application/json",
     headers={'twitch-eventsub-message-type': 'notification', 'twitch-eventsub-subscription-type': 'stream.online'},
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000, 'id': 'befa7b53-octo'},
     facts={'type': 'stream', 'action': 'online', 'id': 'befa7b53-octo', 'time': '2023-11-14T22:13:20Z', 'tenant': '1337', 'subject': 'f1c2a387-octo'},
     sign=lambda key, body, url: {"twitch-eventsub-message-id": "befa7b53-octo", "twitch-eventsub-message-timestamp": "2023-11-14T22:13:20.000000000Z", "twitch-eventsub-message-signature": "sha256=" + mac("sha256", key, b"befa7b53-octo" + b"2023-11-14T22:13:20.000000000Z" + body).hex()})
