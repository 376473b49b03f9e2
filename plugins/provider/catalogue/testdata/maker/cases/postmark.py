from make import b64, case

case("postmark", "Delivery.json", "octo:correct-horse-battery",
     content_type="application/json",
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'Delivery', 'time': '2025-06-12T10:00:00Z', 'tenant': '23', 'subject': '00000000-0000-0000-0000-octo00000017'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})
