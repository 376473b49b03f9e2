from make import b64, case, ec_sign, key_file

case("sendgrid", "delivered.json", key_file("ec.spki"),
     content_type="application/json",
     proof={'scheme': 'ecdsa', 'secret': '1', 'timestamp': 1700000000},
     facts={},
     items=[{'type': 'delivered', 'id': 'ZGVsaXZlcmVkLTAtb2N0bw', 'time': '2025-06-12T10:00:00Z', 'subject': '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0'}],
     sign=lambda key, body, url: {"x-twilio-email-event-webhook-timestamp": "1700000000", "x-twilio-email-event-webhook-signature": b64(ec_sign("sha256", b"1700000000" + body))})
