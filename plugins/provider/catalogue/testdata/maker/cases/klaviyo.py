from make import case, mac

case("klaviyo", "event%3Aklaviyo.subscribed_to_email.json", "octo-corp-klaviyo-signing-secret",
     content_type="application/json",
     headers={'klaviyo-webhook-id': '01OCTOHOOK'},
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'tenant': '01OCTOHOOK'},
     items=[{'type': 'event:klaviyo.subscribed_to_email', 'id': 'event:klaviyo.subscribed_to_email:4vRpBT', 'tenant': '01OCTOHOOK', 'subject': '4vRpBT'}],
     sign=lambda key, body, url: {"klaviyo-signature": mac("sha256", key, body + b"1700000000").hex(), "klaviyo-timestamp": "1700000000"})
