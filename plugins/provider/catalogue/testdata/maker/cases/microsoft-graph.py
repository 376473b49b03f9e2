from make import case

case("microsoft-graph", "updated.json", "octo-corp-microsoft-graph-signing-secret",
     content_type="application/json",
     fill=lambda key, body: {"@KEY@": key.decode()},
     proof={'scheme': 'client-state', 'secret': '1'},
     facts={},
     items=[{'type': 'updated', 'id': 'lsgTZMr9KwAAA', 'tenant': '84bd8158-6d4d-4958-8b9f-9d6445542f95', 'subject': 'users/ana/messages/17'}],
     sign=lambda key, body, url: {})
