from make import case, mac

case("gocardless", "payments.confirmed.json", "octo-corp-gocardless-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'payments', 'action': 'confirmed', 'id': 'EV0OCTO1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OR0OCTO', 'subject': 'PM0OCTO1'}],
     sign=lambda key, body, url: {"webhook-signature": mac("sha256", key, body).hex()})
