from make import case, mac

case("cal-com", "BOOKING_CREATED.json", "octo-corp-cal-com-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'BOOKING_CREATED', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ana@octo-corp.example', 'subject': 'bk_octo_1'},
     sign=lambda key, body, url: {"x-cal-signature-256": mac("sha256", key, body).hex()})
