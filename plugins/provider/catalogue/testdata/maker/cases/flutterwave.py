from make import b64, case, mac

case("flutterwave", "charge.completed.json", "octo-corp-flutterwave-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'charge', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'subject': 'chg_octo_1'},
     sign=lambda key, body, url: {"flutterwave-signature": b64(mac("sha256", key, body))})

case("flutterwave", "charge.completed.json", "octo-corp-flutterwave-shared-token",
     name="verif-hash_chosen",
     scheme="verif-hash",
     content_type="application/json",
     proof={'scheme': 'verif-hash', 'secret': '1'},
     facts={'type': 'charge', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'subject': 'chg_octo_1'},
     sign=lambda key, body, url: {"verif-hash": key.decode()})
