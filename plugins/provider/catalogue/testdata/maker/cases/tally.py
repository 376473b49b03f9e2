from make import b64, case, mac

case("tally", "FORM_RESPONSE.json", "octo-corp-tally-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'FORM_RESPONSE', 'id': 'a4cb511e-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'VwbNEw', 'subject': '2wgx4n'},
     sign=lambda key, body, url: {"tally-signature": b64(mac("sha256", key, body))})
