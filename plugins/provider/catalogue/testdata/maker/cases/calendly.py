from make import case, mac

case("calendly", "invitee.created.json", "octo-corp-calendly-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'invitee', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://api.calendly.com/users/OCTO', 'subject': 'https://api.calendly.com/scheduled_events/GLOVE/invitees/ANA'},
     sign=lambda key, body, url: {"calendly-webhook-signature": "t=1700000000,v1=" + mac("sha256", key, b"1700000000." + body).hex()})
