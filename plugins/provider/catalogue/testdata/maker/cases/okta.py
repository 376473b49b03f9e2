from make import case

case("okta", "user.session.start.json", "octo-corp-okta-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'id': 'b5a188b9-5ece-4636-b041-482ffda96311', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://octo-corp.okta.com/api/v1/eventHooks/whooql0o07OctO'},
     items=[{'type': 'user.session', 'action': 'start', 'id': '92b20c9c-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://octo-corp.okta.com/api/v1/eventHooks/whooql0o07OctO', 'subject': '00uoctoana'}],
     sign=lambda key, body, url: {"authorization": key.decode()})
