from make import case, mac

case("checkout-com", "payment_approved.json", "octo-corp-checkout-com-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'payment_approved', 'id': 'evt_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'pc_octo', 'subject': 'pay_octo_1'},
     sign=lambda key, body, url: {"cko-signature": mac("sha256", key, body).hex()})
