from make import b64, case, mac

case("square", "payment.created.json", "octo-corp-square-signing-secret",
     url="https://hooks.octo-corp.example/square",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'payment', 'action': 'created', 'id': '13b867cf-db3d-4b1c-90b6-2f32a9d78124', 'time': '2025-06-12T10:00:00.123456789Z', 'tenant': '6SSW7HV8K2ST5', 'subject': 'KkAkhdMsgzn59SM8A89WgKwekxLZY'},
     sign=lambda key, body, url: {"x-square-hmacsha256-signature": b64(mac("sha256", key, url + body))})
