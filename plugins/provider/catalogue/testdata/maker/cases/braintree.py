from make import case, fields, mac, quote, sha

case("braintree", "notification.form", "octo-corp-braintree-private-key-1",
     settings={'public_key': 'octopublickey17'},
     content_type="application/x-www-form-urlencoded",
     body=lambda key, body: b"bt_signature=" + quote("octopublickey17|" + mac("sha1", sha("sha1", key), dict(fields(body))[b"bt_payload"]).hex()).encode() + b"&" + body,
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'notification'},
     sign=lambda key, body, url: {})
