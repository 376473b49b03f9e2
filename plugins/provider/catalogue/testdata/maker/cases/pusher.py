from make import case, mac

case("pusher", "channel_occupied.json", "octo-corp-pusher-signing-secret",
     content_type="application/json",
     headers={'x-pusher-key': 'octokey1'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'time': '2025-06-12T10:00:00Z', 'tenant': 'octokey1'},
     items=[{'type': 'channel_occupied', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octokey1', 'subject': 'gloves'}],
     sign=lambda key, body, url: {"x-pusher-signature": mac("sha256", key, body).hex()})
