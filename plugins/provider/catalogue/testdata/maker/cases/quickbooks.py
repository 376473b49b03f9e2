from make import b64, case, mac

case("quickbooks", "Customer.json", "octo-corp-quickbooks-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'Customer', 'action': 'Create', 'time': '2025-06-12T10:00:00Z', 'tenant': '1185883450', 'subject': '17'}],
     sign=lambda key, body, url: {"intuit-signature": b64(mac("sha256", key, body))})
