from make import case, mac

case("easypost", "tracker.updated.json", "octo-corp-easypost-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'tracker', 'action': 'updated', 'id': 'evt_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'user_octo', 'subject': 'trk_octo_1'},
     sign=lambda key, body, url: {"x-hmac-signature": "hmac-sha256-hex=" + mac("sha256", key, body).hex()})
