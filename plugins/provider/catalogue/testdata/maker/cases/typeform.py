from make import b64, case, mac

case("typeform", "form_response.json", "octo-corp-typeform-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'form_response', 'id': 'LtWXD3crgy', 'time': '2025-06-12T10:00:00Z', 'tenant': 'lT4Z3j', 'subject': 'a3a12ec67a1365927098a606107fac15'},
     sign=lambda key, body, url: {"typeform-signature": "sha256=" + b64(mac("sha256", key, body))})
