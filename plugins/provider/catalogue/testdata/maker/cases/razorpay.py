from make import case, mac

case("razorpay", "payment.captured.json", "octo-corp-razorpay-signing-secret",
     content_type="application/json",
     headers={'x-razorpay-event-id': 'EvtOcto1'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'payment', 'action': 'captured', 'id': 'EvtOcto1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'acc_octo', 'subject': 'pay_octo_17'},
     sign=lambda key, body, url: {"x-razorpay-signature": mac("sha256", key, body).hex()})
