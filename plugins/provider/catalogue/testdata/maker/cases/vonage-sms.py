from make import case, fields, mac

case("vonage-sms", "inbound.form", "octo-corp-vonage-sms-signing-secret",
     content_type="application/x-www-form-urlencoded",
     body=lambda key, body: body + b"&sig=" + mac("sha256", key, b"".join(b"&" + a + b"=" + b.replace(b"&", b"_").replace(b"=", b"_") for a, b in sorted(fields(body)))).hex().upper().encode(),
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'inbound', 'id': '0A0000000123ABCD1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo1234', 'subject': '0A0000000123ABCD1'},
     sign=lambda key, body, url: {})
