from make import b64, case, key_file, mac, rsa_sign

case("webflow", "form_submission.json", "octo-corp-webflow-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'form_submission', 'time': '2025-06-12T10:00:00Z', 'tenant': '65427cf400e02b306eaa049c', 'subject': '65429eadebe8a9f3a30f62d0'},
     sign=lambda key, body, url: {"x-webflow-signature": mac("sha256", key, b"1700000000000:" + body).hex(), "x-webflow-timestamp": "1700000000000"})

case("whatsapp", "messages.json", "octo-corp-whatsapp-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'messages', 'action': 'text', 'id': 'wamid.HBgLOCTO17', 'time': '2025-06-12T10:00:00Z', 'tenant': '102290129340398', 'subject': '106540352242922'}],
     sign=lambda key, body, url: {"x-hub-signature-256": "sha256=" + mac("sha256", key, body).hex()})

case("wise", "transfers#state-change.json", key_file("rsa.pem"),
     content_type="application/json",
     headers={'x-delivery-id': 'ef12-octo-17'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'transfers#state-change', 'id': 'ef12-octo-17', 'time': '2025-06-12T10:00:00Z', 'tenant': '222', 'subject': '111'},
     sign=lambda key, body, url: {"x-signature-sha256": b64(rsa_sign("sha256", body))})

case("woocommerce", "order.created.json", "octo-corp-woocommerce-signing-secret",
     content_type="application/json",
     headers={'x-wc-webhook-topic': 'order.created', 'x-wc-webhook-source': 'https://shop.octo-corp.example/', 'x-wc-webhook-delivery-id': 'c0ffee00octo'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'order', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://shop.octo-corp.example/', 'subject': '1017'},
     sign=lambda key, body, url: {"x-wc-webhook-signature": b64(mac("sha256", key, body))})

case("workos", "dsync.user.created.json", "octo-corp-workos-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'dsync.user', 'action': 'created', 'id': 'event_01octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org_01octo', 'subject': 'directory_user_01octo'},
     sign=lambda key, body, url: {"workos-signature": "t=1700000000000, v1=" + mac("sha256", key, b"1700000000000." + body).hex()})

case("x-twitter", "activity.json", "octo-corp-x-twitter-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'tweet_create_events', 'id': '1930000000000000017', 'time': '2025-06-12T10:00:00Z', 'tenant': '2244994945', 'subject': '2244994945'},
     sign=lambda key, body, url: {"x-twitter-webhooks-signature": "sha256=" + b64(mac("sha256", key, body))})

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

case("zoom", "meeting.started.json", "octo-corp-zoom-signing-secret",
     content_type="application/json",
     headers={'x-zm-trackingid': 'v=2.0;octo17'},
     proof={'scheme': 'v0', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'meeting', 'action': 'started', 'id': 'v=2.0;octo17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'AAAAAAOCTO', 'subject': '4444AAAiAAAAAiAiAiiAii=='},
     sign=lambda key, body, url: {"x-zm-signature": "v0=" + mac("sha256", key, b"v0:1700000000:" + body).hex(), "x-zm-request-timestamp": "1700000000"})
