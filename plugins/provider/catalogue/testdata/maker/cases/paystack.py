from make import case, mac

case("paystack", "charge.success.json", "octo-corp-paystack-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha512', 'secret': '1'},
     facts={'type': 'charge', 'action': 'success', 'time': '2025-06-12T10:00:00Z', 'tenant': 'live', 'subject': '302961'},
     sign=lambda key, body, url: {"x-paystack-signature": mac("sha512", key, body).hex()})
