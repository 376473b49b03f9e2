from make import b64, case, mac

case("helpscout", "convo.created.json", "octo-corp-helpscout-signing-secret",
     content_type="application/json",
     headers={'x-helpscout-event': 'convo.created'},
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'convo', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'subject': '1017'},
     sign=lambda key, body, url: {"x-helpscout-signature": b64(mac("sha1", key, body))})
