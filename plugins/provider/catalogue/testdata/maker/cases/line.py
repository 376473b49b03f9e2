from make import b64, case, mac

case("line", "message.json", "octo-corp-line-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'tenant': 'Uoctocorp'},
     items=[{'type': 'message', 'id': '01FZ74A0TDDPYRVKNK77XKC3ZR', 'time': '2025-06-12T10:00:00Z', 'tenant': 'Uoctocorp', 'subject': 'Uana'}],
     sign=lambda key, body, url: {"x-line-signature": b64(mac("sha256", key, body))})
