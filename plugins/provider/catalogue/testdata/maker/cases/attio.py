from make import case, mac

case("attio", "record.created.json", "octo-corp-attio-signing-secret",
     content_type="application/json",
     headers={'idempotency-key': 'idem_octo_1'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'id': 'idem_octo_1'},
     items=[{'type': 'record', 'action': 'created', 'tenant': 'ws_octo', 'subject': 'rec_17'}],
     sign=lambda key, body, url: {"attio-signature": mac("sha256", key, body).hex()})
