from make import b64, case

case("pipedrive", "deal.json", "octo:correct-horse-battery",
     content_type="application/json",
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'deal', 'action': 'create', 'id': 'c6f3-octo:m-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': '1020', 'subject': '17'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})
