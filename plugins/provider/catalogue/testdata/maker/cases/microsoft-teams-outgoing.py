from make import b64, case, mac, unb64

case("microsoft-teams-outgoing", "message.json", "b2N0by1jb3JwLXRlYW1zLXNlY3VyaXR5LXRva2VuISE=",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'message', 'id': '19:octo@thread.tacv2:1749722400000', 'time': '2025-06-12T10:00:00Z', 'tenant': '72f988bf-octo', 'subject': '19:octo@thread.tacv2'},
     sign=lambda key, body, url: {"authorization": "HMAC " + b64(mac("sha256", unb64(key), body))})
