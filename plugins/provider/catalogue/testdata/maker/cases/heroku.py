from make import b64, case, mac

case("heroku", "api%3Arelease.json", "octo-corp-heroku-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'api:release', 'action': 'create', 'id': 'd1b5b3f0-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-shop', 'subject': 'c2b5b3f0-octo'},
     sign=lambda key, body, url: {"heroku-webhook-hmac-sha256": b64(mac("sha256", key, body))})
