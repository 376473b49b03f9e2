from make import case, mac

case("mollie", "payment-link.paid.json", "octo-corp-mollie-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'payment-link', 'action': 'paid', 'id': 'event_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'pl_octo_17'},
     sign=lambda key, body, url: {"x-mollie-signature": "sha256=" + mac("sha256", key, body).hex()})
