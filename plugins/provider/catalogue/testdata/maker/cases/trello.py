from make import b64, case, mac

case("trello", "updateCard.json", "octo-corp-trello-signing-secret",
     url="https://hooks.octo-corp.example/trello",
     content_type="application/json",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'updateCard', 'id': '51f9424bcd6e040f3c002412', 'time': '2025-06-12T10:00:00Z', 'tenant': '4d5ea62fd76aa1136000000c', 'subject': '51a79e72dbb7e23c7c003778'},
     sign=lambda key, body, url: {"x-trello-webhook": b64(mac("sha1", key, body + url))})
