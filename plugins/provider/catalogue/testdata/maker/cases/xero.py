from make import b64, case, mac

case("xero", "INVOICE.json", "octo-corp-xero-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'INVOICE', 'action': 'UPDATE', 'id': '717f2bfc-octo:INVOICE:UPDATE:2025-06-12T10:00:00.000', 'time': '2025-06-12T10:00:00Z', 'tenant': 'c2cc9b6e-octo', 'subject': '717f2bfc-octo'}],
     sign=lambda key, body, url: {"x-xero-signature": b64(mac("sha256", key, body))})
