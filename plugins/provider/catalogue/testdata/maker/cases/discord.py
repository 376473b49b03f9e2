from make import case, ed_sign, key_file

case("discord", "APPLICATION_AUTHORIZED.json", key_file("ed25519.hex"),
     content_type="application/json",
     proof={'scheme': 'ed25519', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'APPLICATION_AUTHORIZED', 'time': '2025-06-12T10:00:00Z', 'tenant': '1234560123453231555', 'subject': '1122334455667788'},
     sign=lambda key, body, url: {"x-signature-timestamp": "1700000000", "x-signature-ed25519": ed_sign(b"1700000000" + body).hex()})
