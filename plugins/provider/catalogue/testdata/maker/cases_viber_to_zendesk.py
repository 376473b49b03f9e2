from make import b64, case, mac

case("viber", "message.json", "octo-corp-viber-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'message', 'time': '2025-06-12T10:00:00Z', 'tenant': 'SN-CHAT-17_', 'subject': '01234567890A='},
     sign=lambda key, body, url: {"x-viber-content-signature": mac("sha256", key, body).hex()})

case("webflow", "form_submission.json", "octo-corp-webflow-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'form_submission', 'time': '2025-06-12T10:00:00Z', 'tenant': '65427cf400e02b306eaa049c', 'subject': '65429eadebe8a9f3a30f62d0'},
     sign=lambda key, body, url: {"x-webflow-signature": mac("sha256", key, b"1700000000000:" + body).hex(), "x-webflow-timestamp": "1700000000000"})

case("xero", "INVOICE.json", "octo-corp-xero-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'INVOICE', 'action': 'UPDATE', 'time': '2025-06-12T10:00:00Z', 'tenant': 'c2cc9b6e-octo', 'subject': '717f2bfc-octo'}],
     sign=lambda key, body, url: {"x-xero-signature": b64(mac("sha256", key, body))})

case("zendesk", "zen%3Aevent-type%3Aticket.created.json", "octo-corp-zendesk-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'zen:event-type:ticket', 'action': 'created', 'id': 'cbe4028c-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': '123456', 'subject': 'zen:ticket:1017'},
     sign=lambda key, body, url: {"x-zendesk-webhook-signature": b64(mac("sha256", key, b"2023-11-14T22:13:20Z" + body)), "x-zendesk-webhook-signature-timestamp": "2023-11-14T22:13:20Z"})
