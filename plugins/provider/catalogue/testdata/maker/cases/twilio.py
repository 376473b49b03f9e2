from make import b64, case, fields, mac

case("twilio", "received.form", "octo-corp-twilio-auth-token-00001",
     url="https://hooks.octo-corp.example/twilio?tenant=octo",
     content_type="application/x-www-form-urlencoded",
     headers={'i-twilio-idempotency-token': '4f1b-octo-17'},
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'received', 'id': '4f1b-octo-17', 'tenant': 'AC0octo', 'subject': 'SM0octo17'},
     sign=lambda key, body, url: {"x-twilio-signature": b64(mac("sha1", key, url + b"".join(a + b for a, b in sorted(fields(body)))))})
