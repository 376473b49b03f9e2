from make import b64, case, mac

case("plivo", "StartApp.form", "octo-corp-plivo-signing-secret",
     scheme="v2", name="v2",
     url="https://hooks.octo-corp.example/plivo",
     content_type="application/x-www-form-urlencoded",
     proof={'scheme': 'v2', 'secret': '1'},
     facts={'type': 'StartApp', 'id': '05429567804466091622', 'subject': '97ceeb52-octo'},
     sign=lambda key, body, url: {"x-plivo-signature-v2-nonce": "05429567804466091622", "x-plivo-signature-v2": b64(mac("sha256", key, url + b"05429567804466091622"))})
