from make import b64, case, key_file, rsa_sign

case("postal", "MessageSent.json", key_file("rsa.spki"),
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'MessageSent', 'id': 'b7a1-octo-17', 'time': '2025-06-12T10:00:00.125Z', 'subject': '17@octo-corp.example'},
     sign=lambda key, body, url: {"x-postal-signature-256": b64(rsa_sign("sha256", body)), "x-postal-signature": b64(rsa_sign("sha1", body))})
