from make import b64, case, mac

case("zendesk", "zen%3Aevent-type%3Aticket.created.json", "octo-corp-zendesk-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'zen:event-type:ticket', 'action': 'created', 'id': 'cbe4028c-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': '123456', 'subject': 'zen:ticket:1017'},
     sign=lambda key, body, url: {"x-zendesk-webhook-signature": b64(mac("sha256", key, b"2023-11-14T22:13:20Z" + body)), "x-zendesk-webhook-signature-timestamp": "2023-11-14T22:13:20Z"})
