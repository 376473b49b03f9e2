from make import case, mac, unhex

case("authorize-net", "net.authorize.payment.authcapture.created.json", "4F63746F2D436F72702D417574686F72697A652E4E65742D5369676E61747572652D4B6579",
     content_type="application/json",
     proof={'scheme': 'sha512', 'secret': '1'},
     facts={'type': 'net.authorize.payment.authcapture', 'action': 'created', 'id': 'd0e8e7fe-c3e7-4add-a480-27bc5ce28a18', 'time': '2025-06-12T10:00:00Z', 'subject': '2154067719'},
     sign=lambda key, body, url: {"x-anet-signature": "sha512=" + mac("sha512", unhex(key), body).hex().upper()})
