from make import b64, case, fields, jwt_rs, key_file, mac, quote, rsa_sign, sha

# What a provider sends beside or instead of its usual form, and what is signed of it.

GITEA_FACTS = {'type': 'push', 'id': 'f6266f16-1bf3-46a5-9ea4-602e06ead473', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'}


def form_of(body):
    return b"payload=" + quote(body.decode()).encode()


for name, header in (("form", "x-gitea-signature"), ("forgejo_form", "x-forgejo-signature")):
    case("gitea", "push.json", "octo-corp-gitea-signing-secret", name=name, scheme="" if name == "form" else "forgejo",
         content_type="application/x-www-form-urlencoded",
         headers={'x-gitea-delivery': GITEA_FACTS['id'], 'x-gitea-event': 'push', 'x-gitea-event-type': 'push'},
         proof={'scheme': 'sha256' if name == "form" else 'forgejo', 'secret': '1'}, facts=GITEA_FACTS,
         body=lambda key, body: form_of(body),
         sign=lambda key, body, url, header=header: {header: mac("sha256", key, dict(fields(body))[b"payload"]).hex()})

case("gitea", "push.json", "octo-corp-gitea-signing-secret", name="hub", scheme="hub",
     content_type="application/json",
     headers={'x-gitea-delivery': GITEA_FACTS['id'], 'x-gitea-event': 'push', 'x-gitea-event-type': 'push'},
     proof={'scheme': 'hub', 'secret': '1'}, facts=GITEA_FACTS,
     sign=lambda key, body, url: {"x-hub-signature-256": "sha256=" + mac("sha256", key, body).hex()})

case("hubspot", "contact.creation.json", "octo-corp-hubspot-signing-secret", name="v2", scheme="v2",
     url="https://hooks.octo-corp.example/hubspot", content_type="application/json",
     proof={'scheme': 'v2', 'secret': '1'}, facts={},
     items=[{'type': 'contact', 'action': 'creation', 'id': '1001:100:1749722400000', 'time': '2025-06-12T10:00:00Z', 'tenant': '62515', 'subject': '123'}],
     sign=lambda key, body, url: {"x-hubspot-signature": sha("sha256", key + b"POST" + url + body).hex(), "x-hubspot-signature-version": "v2"})

case("hubspot", "contact.creation.json", "octo-corp-hubspot-signing-secret", name="v1", scheme="v1",
     url="https://hooks.octo-corp.example/hubspot", content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1'}, facts={},
     items=[{'type': 'contact', 'action': 'creation', 'id': '1001:100:1749722400000', 'time': '2025-06-12T10:00:00Z', 'tenant': '62515', 'subject': '123'}],
     sign=lambda key, body, url: {"x-hubspot-signature": sha("sha256", key + body).hex(), "x-hubspot-signature-version": "v1"})

case("hubspot", "contact.creation.json", "octo-corp-hubspot-signing-secret", name="escaped_url",
     url="https://hooks.octo-corp.example/hubspot?to=a%40b%3Ac%20d", content_type="application/json",
     proof={'scheme': 'v3', 'secret': '1', 'timestamp': 1700000000}, facts={},
     items=[{'type': 'contact', 'action': 'creation', 'id': '1001:100:1749722400000', 'time': '2025-06-12T10:00:00Z', 'tenant': '62515', 'subject': '123'}],
     sign=lambda key, body, url: {
         "x-hubspot-signature-v3": b64(mac("sha256", key, b"POST" + url.replace(b"%40", b"@").replace(b"%3A", b":") + body + b"1700000000000")),
         "x-hubspot-request-timestamp": "1700000000000"})

case("lago", "invoice.created.json", b64(key_file("rsa.pem").encode()), name="jwt", scheme="jwt",
     content_type="application/json",
     headers={'x-lago-signature-algorithm': 'jwt', 'x-lago-unique-key': '9d5a3c1e-octo'},
     proof={'scheme': 'jwt', 'secret': '1'},
     facts={'type': 'invoice', 'action': 'created', 'id': '9d5a3c1e-octo', 'tenant': 'org-octo', 'subject': '1a901a90-octo'},
     source="made with openssl by testdata/maker",
     sign=lambda key, body, url: {"x-lago-signature": jwt_rs("octo", {"data": body.decode(), "iss": "https://api.getlago.example"})})

case("mercadopago", "payment.json", "octo-corp-mercadopago-signing-secret", name="milliseconds",
     url="https://hooks.octo-corp.example/mercadopago?data.id=ORD01&type=payment", content_type="application/json",
     headers={'x-request-id': '9d5a3c1e-octo'},
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'payment', 'action': 'payment.created', 'id': '12345', 'time': '2025-06-12T14:00:00Z', 'tenant': '44444', 'subject': '999999999'},
     sign=lambda key, body, url: {"x-signature": "ts=1700000000000,v1=" + mac("sha256", key, b"id:ord01;request-id:9d5a3c1e-octo;ts:1700000000000;").hex()})

case("mollie", "payment-link.paid.json", "octo-corp-mollie-signing-secret", name="two_lines",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'payment-link', 'action': 'paid', 'id': 'event_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'pl_octo_17'},
     sign=lambda key, body, url: {"x-mollie-signature": ["sha256=" + mac("sha256", b"the previous secret", body).hex(), "sha256=" + mac("sha256", key, body).hex()]})

case("ramp", "transactions.cleared.json", "octo-corp-ramp-signing-secret", name="prefixed", scheme="sha256-prefixed",
     content_type="application/json",
     proof={'scheme': 'sha256-prefixed', 'secret': '1'},
     facts={'type': 'transactions', 'action': 'cleared', 'id': 'evt-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'biz-octo', 'subject': 'trn-octo-17'},
     sign=lambda key, body, url: {"x-ramp-signature": "sha256=" + mac("sha256", key, body).hex()})

case("front", "inbound_received.json", "octo-corp-front-signing-secret", name="rule", scheme="rule",
     content_type="application/json",
     proof={'scheme': 'rule', 'secret': '1'},
     facts={'type': 'inbound_received', 'id': 'evt_octo_1', 'tenant': 'cmp_octo', 'subject': 'cnv_17'},
     sign=lambda key, body, url: {"x-front-signature": b64(mac("sha1", key, body))})

case("deepgram", "transcription.json", "octo-corp-deepgram-key-id", name="dg_token", scheme="dg-token",
     content_type="application/json",
     proof={'scheme': 'dg-token', 'secret': '1'},
     facts={'type': 'transcription', 'id': '4f2c1f4e-8a5e-4f0d-9b43-octo00000001', 'time': '2025-06-12T10:00:00Z', 'subject': '95dc40091b6a8456a1554ddfc4f163768217afd66bee70a10c74bb52805cd0d9'},
     sign=lambda key, body, url: {"dg-token": key.decode()})


def php(pairs):
    text = b"".join(b's:%d:"%s";s:%d:"%s";' % (len(k), k, len(v), v) for k, v in sorted(pairs))
    return b"a:%d:{%s}" % (len(pairs), text)


case("paddle-classic", "subscription_created.form", key_file("rsa.pem"),
     content_type="application/x-www-form-urlencoded",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'subscription', 'action': 'created', 'id': '1830417612', 'time': '2025-06-12T10:00:00Z', 'subject': '502198'},
     body=lambda key, body: body + b"&p_signature=" + quote(b64(rsa_sign("sha1", php(fields(body))))).encode(),
     sign=lambda key, body, url: {})


def plivo(body, url, nonce):
    address, _, query = url.partition(b"?")
    query = b"&".join(k + b"=" + v for k, v in sorted(fields(query))) if query else b""
    pairs = b"".join(k + v for k, v in sorted(fields(body))) if body else b""
    return address + (b"?" if query or pairs else b"") + query + (b"." if query and pairs else b"") + pairs + b"." + nonce


PLIVO = {'type': 'StartApp', 'subject': '97ceeb52-octo'}
for name, url, other in (("v3", "https://hooks.octo-corp.example/plivo", False),
                         ("v3_query_and_rotation", "https://hooks.octo-corp.example/plivo?b=2&a=x%20y&b=1", True)):
    case("plivo", "StartApp.form", "octo-corp-plivo-signing-secret", name=name, url=url,
         content_type="application/x-www-form-urlencoded",
         proof={'scheme': 'v3', 'secret': '1'}, facts=PLIVO,
         sign=lambda key, body, url, other=other: {
             "x-plivo-signature-v3-nonce": "05429567804466091622",
             "x-plivo-signature-v3": (b64(mac("sha256", b"the main account's token", body)) + "," if other else "") + b64(mac("sha256", key, plivo(body, url, b"05429567804466091622")))})

DROPBOX = {'type': 'signature_request_signed', 'time': '2025-06-12T10:00:00Z', 'tenant': '63522885f9261e2b04eea043933ee7313eb674fd', 'subject': 'fa5c8a0b0f492d768749333ad6fcc214c111e967'}


def event_hash(key, body):
    made = mac("sha256", key, b"1749722400signature_request_signed").hex()
    return body.replace(b"0" * 64, made.encode()), made


def multipart(body):
    return b'--octo\r\nContent-Disposition: form-data; name="json"\r\n\r\n' + body + b"\r\n--octo--\r\n"


for name, kind, wrap in (("multipart", "multipart/form-data; boundary=octo", multipart),
                         ("form", "application/x-www-form-urlencoded", lambda body: b"json=" + quote(body.decode()).encode())):
    key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    case("dropbox-sign", "signature_request_signed.json", key, name=name, content_type=kind,
         proof={'scheme': 'event-hash', 'secret': '1'},
         facts=DROPBOX | {'id': event_hash(key.encode(), b"")[1] + ":fa5c8a0b0f492d768749333ad6fcc214c111e967"},
         body=lambda key, body, wrap=wrap: wrap(event_hash(key, body)[0]),
         sign=lambda key, body, url: {})
