from make import case, mac

case("webflow", "form_submission.json", "octo-corp-webflow-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'form_submission', 'time': '2025-06-12T10:00:00Z', 'tenant': '65427cf400e02b306eaa049c', 'subject': '65429eadebe8a9f3a30f62d0'},
     sign=lambda key, body, url: {"x-webflow-signature": mac("sha256", key, b"1700000000000:" + body).hex(), "x-webflow-timestamp": "1700000000000"})
