from make import b64, case, mac

case("x-twitter", "activity.json", "octo-corp-x-twitter-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'tweet_create_events', 'tenant': '2244994945'},
     items=[{'type': 'tweet_create_events', 'id': '1930000000000000017', 'time': '2025-06-12T10:00:00Z', 'tenant': '2244994945', 'subject': '2244994945'}],
     sign=lambda key, body, url: {"x-twitter-webhooks-signature": "sha256=" + b64(mac("sha256", key, body))})
