from make import b64, case, key_file, rsa_sign

case("wise", "transfers#state-change.json", key_file("rsa.pem"),
     content_type="application/json",
     headers={'x-delivery-id': 'ef12-octo-17'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'transfers#state-change', 'id': 'ef12-octo-17', 'time': '2025-06-12T10:00:00Z', 'tenant': '222', 'subject': '111'},
     sign=lambda key, body, url: {"x-signature-sha256": b64(rsa_sign("sha256", body))})
