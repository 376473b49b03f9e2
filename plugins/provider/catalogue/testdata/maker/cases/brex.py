from make import case, std

case("brex", "TRANSFER_PROCESSED.json", "whsec_b2N0by1jb3JwLWJyZXgta2V5LW9mLTMyLWJ5dGVzISE=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'TRANSFER_PROCESSED', 'tenant': 'cuacc_octo', 'subject': 'dpsh_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("brex", "TRANSFER_PROCESSED.json", "whsec_b2N0by1jb3JwLWJyZXgta2V5LW9mLTMyLWJ5dGVzISE=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'TRANSFER_PROCESSED', 'tenant': 'cuacc_octo', 'subject': 'dpsh_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))
