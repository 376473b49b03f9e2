from make import case

case("auth0", "s.json", "octo-corp-auth0-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={},
     items=[{'type': 's', 'id': '90020250612100000octo1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp', 'subject': 'octoClient01'}],
     sign=lambda key, body, url: {"authorization": key.decode()})
