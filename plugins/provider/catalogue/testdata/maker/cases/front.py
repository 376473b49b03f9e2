from make import b64, case, mac

case("front", "inbound_received.json", "octo-corp-front-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'inbound_received', 'id': 'evt_octo_1', 'tenant': 'cmp_octo', 'subject': 'cnv_17'},
     sign=lambda key, body, url: {"x-front-signature": b64(mac("sha256", key, b"1700000000000:" + body)), "x-front-request-timestamp": "1700000000000"})
