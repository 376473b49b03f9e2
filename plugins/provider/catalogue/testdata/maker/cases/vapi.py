from make import case, mac

case("vapi", "end-of-call-report.json", "octo-corp-vapi-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'end-of-call-report', 'time': '2025-06-12T10:00:00Z', 'tenant': 'asst-octo', 'subject': 'call-octo-17'},
     sign=lambda key, body, url: {"x-vapi-signature": mac("sha256", key, body).hex()})

case("vapi", "end-of-call-report.json", "octo-corp-vapi-shared-token",
     name="token_chosen",
     scheme="token",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'end-of-call-report', 'time': '2025-06-12T10:00:00Z', 'tenant': 'asst-octo', 'subject': 'call-octo-17'},
     sign=lambda key, body, url: {"x-vapi-secret": key.decode()})
