import zlib

from make import b64, case, key_file, rsa_sign

case("paypal", "PAYMENT.CAPTURE.COMPLETED.json", "",
     settings={'webhook_id': '8PT597110X687430LKGECATA'},
     certificates={"https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-octo": key_file("rsa.crt")},
     content_type="application/json",
     headers={'paypal-transmission-id': '69cd13f0-octo', 'paypal-transmission-time': '2025-06-12T10:00:01Z', 'paypal-auth-algo': 'SHA256withRSA', 'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-octo'},
     proof={'scheme': 'certificate', 'secret': '1'},
     facts={'type': 'PAYMENT.CAPTURE', 'action': 'COMPLETED', 'id': 'WH-octo-17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OCTOMERCHANT', 'subject': '42311647XV020574X'},
     sign=lambda key, body, url: {"paypal-transmission-sig": b64(rsa_sign("sha256", b"69cd13f0-octo|2025-06-12T10:00:01Z|8PT597110X687430LKGECATA|%d" % zlib.crc32(body)))})
