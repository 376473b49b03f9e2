from make import b64, case, mac

case("lago", "invoice.created.json", "octo-corp-lago-signing-secret",
     content_type="application/json",
     headers={'x-lago-signature-algorithm': 'hmac', 'x-lago-unique-key': '9d5a3c1e-octo'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'invoice', 'action': 'created', 'id': '9d5a3c1e-octo', 'tenant': 'org-octo', 'subject': '1a901a90-octo'},
     sign=lambda key, body, url: {"x-lago-signature": b64(mac("sha256", key, body))})
