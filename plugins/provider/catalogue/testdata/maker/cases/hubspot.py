from make import b64, case, mac

case("hubspot", "contact.creation.json", "octo-corp-hubspot-signing-secret",
     url="https://hooks.octo-corp.example/hubspot",
     content_type="application/json",
     proof={'scheme': 'v3', 'secret': '1', 'timestamp': 1700000000},
     facts={},
     items=[{'type': 'contact', 'action': 'creation', 'id': '1001:100:1749722400000', 'time': '2025-06-12T10:00:00Z', 'tenant': '62515', 'subject': '123'}],
     sign=lambda key, body, url: {"x-hubspot-signature-v3": b64(mac("sha256", key, b"POST" + url + body + b"1700000000000")), "x-hubspot-request-timestamp": "1700000000000"})
