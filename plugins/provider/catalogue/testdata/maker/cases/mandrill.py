from make import b64, case, fields, mac

case("mandrill", "send.form", "octo-corp-mandrill-signing-secret",
     url="https://hooks.octo-corp.example/mandrill",
     content_type="application/x-www-form-urlencoded",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={},
     items=[{'type': 'send', 'time': '2025-06-12T10:00:00Z', 'subject': 'exampleocto17'}],
     sign=lambda key, body, url: {"x-mandrill-signature": b64(mac("sha1", key, url + b"".join(a + b for a, b in sorted(fields(body)))))})
