import json

from make import b64, case, ec_sign, key_file

case("ebay", "MARKETPLACE_ACCOUNT_DELETION.json", key_file("ec.pem"),
     content_type="application/json",
     proof={'scheme': 'ecdsa', 'secret': '1'},
     facts={'type': 'MARKETPLACE_ACCOUNT_DELETION', 'id': '49feeaeb-octo', 'time': '2025-06-12T10:00:00Z', 'subject': 'ma8vp1jySJC'},
     sign=lambda key, body, url: {"x-ebay-signature": b64(json.dumps({"alg": "ecdsa", "kid": "9936261a-octo", "signature": b64(ec_sign("sha1", body)), "digest": "SHA1"}, separators=(",", ":")).encode())})
