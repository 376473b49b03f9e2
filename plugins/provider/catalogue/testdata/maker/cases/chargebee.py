from make import b64, case

case("chargebee", "subscription_created.json", "octo:correct-horse-battery",
     content_type="application/json",
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'subscription_created', 'id': 'ev_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'cus_octo'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})
