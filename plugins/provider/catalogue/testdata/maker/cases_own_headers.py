import base64
import json

from make import b64, b64url, case, ed_sign, jws, key_file, mac, rsa_sign, sha

# Senders with a signature of their own over the body, or the body and a time.

TIMED = {'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000}
SHA256 = {'scheme': 'sha256', 'secret': '1'}

case("supabase-database", "orders.json", "octo-supabase-database-secret", content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'orders', 'action': 'INSERT', 'tenant': 'public', 'subject': '17'},
     sign=lambda key, body, url: {"authorization": "Bearer " + key.decode()})


def qstash(key, body, url, padding=""):
    claims = {"iss": "Upstash", "sub": url.decode(), "exp": 1700000300, "nbf": 1700000000, "iat": 1700000000, "jti": "jwt_octo17",
              "body": base64.urlsafe_b64encode(sha("sha256", body)).decode().rstrip("=") + padding}
    text = jws({"alg": "HS256", "typ": "JWT"}, claims)
    return {"upstash-signature": text.decode() + "." + base64.urlsafe_b64encode(mac("sha256", key, text)).decode().rstrip("=")}


for name, padding in (("", "="), ("without_padding", "")):
    case("upstash-qstash", "message.json", "sig_octo17octo17octo17octo17", name=name,
         url="https://hooks.octo-corp.example/upstash-qstash?from=queue", content_type="application/json",
         headers={'upstash-message-id': 'msg_octo_17', 'upstash-topic-name': 'orders'},
         proof={'scheme': 'jwt', 'secret': '1', 'timestamp': 1700000000},
         facts={'type': 'message', 'id': 'msg_octo_17', 'subject': 'orders'},
         sign=lambda key, body, url, padding=padding: qstash(key, body, url, padding))

case("getstream", "message.new.json", "octo-stream-api-secret", content_type="application/json",
     headers={'x-webhook-id': '123e4567-octo', 'x-webhook-attempt': '1', 'x-api-key': 'octoapikey17'}, proof=SHA256,
     facts={'type': 'message', 'action': 'new', 'id': '123e4567-octo', 'time': '2025-06-12T10:00:00Z', 'subject': 'messaging:octo-channel'},
     sign=lambda key, body, url: {"x-signature": mac("sha256", key, body).hex()})

HOOKDECK_FACTS = {'type': 'order.paid', 'id': 'evt_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'ord-octo-17'}
for name in ("", "second_header"):
    case("hookdeck", "order.paid.json", "octo-hookdeck-signing-secret", name=name, content_type="application/json",
         headers={'x-hookdeck-eventid': 'evt_octo_1'}, proof=SHA256, facts=HOOKDECK_FACTS,
         sign=lambda key, body, url, rolled=name != "": {
             "x-hookdeck-signature": b64(mac("sha256", b"the new secret" if rolled else key, body)),
             **({"x-hookdeck-signature-2": b64(mac("sha256", key, body))} if rolled else {})})

ORB_FACTS = {'type': 'invoice', 'action': 'issued', 'id': 'evt_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'inv_octo_17'}
for name, stamp in (("", "2023-11-14T22:13:20.000000"), ("zone_and_two_signatures", "2023-11-14T22:13:20Z")):
    case("orb", "invoice.issued.json", "octo-orb-webhook-secret", name=name, content_type="application/json",
         proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000}, facts=ORB_FACTS,
         sign=lambda key, body, url, stamp=stamp, more=name != "": {
             "x-orb-timestamp": stamp,
             "x-orb-signature": ("v1=" + mac("sha256", b"the other secret", body).hex() + " ") * more + "v1=" + mac("sha256", key, f"v1:{stamp}:".encode() + body).hex()})

for sample, facts in (("callback", {'type': 'callback', 'subject': 'octo17key'}), ("error", {'type': 'error', 'subject': 'octo18key'})):
    case("uploadthing", sample + ".json", "sk_live_octo17octo17octo17", content_type="application/json", headers={'uploadthing-hook': sample},
         proof=SHA256, facts=facts,
         sign=lambda key, body, url: {"x-uploadthing-signature": "hmac-sha256=" + mac("sha256", key, body).hex()})

case("metronome", "alerts.low_remaining_credit_balance_reached.json", "octo-metronome-webhook-secret", content_type="application/json",
     proof=TIMED,
     facts={'type': 'alerts', 'action': 'low_remaining_credit_balance_reached', 'time': '2025-06-12T10:00:00Z', 'subject': 'cus-octo-17'},
     sign=lambda key, body, url: {
         "x-metronome-date": "Tue, 14 Nov 2023 22:13:20 GMT",
         "metronome-webhook-signature": mac("sha256", key, b"Tue, 14 Nov 2023 22:13:20 GMT\n" + body).hex()})

case("cashfree", "PAYMENT_SUCCESS_WEBHOOK.json", "octo-cashfree-client-secret", content_type="application/json",
     headers={'x-webhook-version': '2025-01-01'}, proof=TIMED,
     facts={'type': 'PAYMENT_SUCCESS_WEBHOOK', 'time': '2025-06-12T10:00:00Z', 'subject': '1453002795'},
     sign=lambda key, body, url: {"x-webhook-timestamp": "1700000000000", "x-webhook-signature": b64(mac("sha256", key, b"1700000000000" + body))})

case("fourthwall", "ORDER_PLACED.json", "octo-fourthwall-secret", content_type="application/json", proof=SHA256,
     facts={'type': 'ORDER_PLACED', 'id': 'weve_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'sh_octo', 'subject': '00aa4abd-octo'},
     sign=lambda key, body, url: {"x-fourthwall-hmac-sha256": b64(mac("sha256", key, body))})

for name, header in (("", "x-kontent-ai-signature"), ("legacy_header", "x-kc-signature")):
    case("kontent-ai", "content_item.json", "octoKontentSecret17BHPyfqwSy1iJjcscOB+GSkDf9TH=", name=name, content_type="application/json", proof=SHA256,
         facts={}, items=[{'type': 'content_item', 'action': 'published', 'time': '2025-06-12T10:00:00.0563735Z', 'tenant': 'env-octo', 'subject': 'aa7f127f-octo'}],
         sign=lambda key, body, url, header=header: {header: b64(mac("sha256", key, body))})

case("terra", "activity.json", "octo-terra-signing-secret", content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'activity', 'tenant': 'octo-user', 'subject': 'usr-octo-17'},
     sign=lambda key, body, url: {"terra-signature": "t=1700000000,v1=" + mac("sha256", key, b"1700000000." + body).hex()})

case("tebex", "payment.completed.json", "octo-tebex-webhook-secret", content_type="application/json", proof=SHA256,
     facts={'type': 'payment', 'action': 'completed', 'id': '2c116b11-octo', 'time': '2025-06-12T10:00:00Z', 'subject': 'tbx-octo-17'},
     sign=lambda key, body, url: {"x-signature": mac("sha256", key, sha("sha256", body).hex().encode()).hex()})

case("pylon", "issue.created.json", "octo-pylon-webhook-secret", content_type="application/json", proof=SHA256,
     facts={'type': 'issue.created', 'id': 'evt-octo-1', 'subject': 'iss-octo-17'},
     sign=lambda key, body, url: {"x-pylon-signature": mac("sha256", key, body).hex()})

BREVO_FACTS = {'type': 'delivered', 'time': '2025-06-12T10:00:00Z', 'subject': '<octo-17@smtp-relay.octo-corp.example>'}
case("brevo", "delivered.json", "octo-brevo-webhook-token", content_type="application/json", proof={'scheme': 'token', 'secret': '1'}, facts=BREVO_FACTS,
     sign=lambda key, body, url: {"authorization": "Bearer " + key.decode()})
case("brevo", "delivered.json", "octo:correct-horse-battery", name="basic", scheme="basic", content_type="application/json",
     proof={'scheme': 'basic', 'secret': '1'}, facts=BREVO_FACTS,
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})

KICK = b"01JOCTO00000000000000000017.2023-11-14T22:13:20Z."
for sample, facts in (("chat.message.sent", {'type': 'chat.message', 'action': 'sent', 'subject': 'msg-octo-17', 'time': '2025-06-12T10:00:00Z'}),
                      ("channel.followed", {'type': 'channel', 'action': 'followed', 'subject': '17', 'time': '2023-11-14T22:13:20Z'})):
    case("kick", sample + ".json", key_file("rsa.pem"), content_type="application/json", settings={'broadcaster': '4200017'},
         headers={'kick-event-type': sample, 'kick-event-version': '1'},
         proof={'scheme': 'rsa', 'secret': '1', 'id': '01JOCTO00000000000000000017', 'timestamp': 1700000000},
         facts={'id': '01JOCTO00000000000000000017', 'tenant': '4200017', **facts},
         sign=lambda key, body, url: {
             "kick-event-message-id": "01JOCTO00000000000000000017", "kick-event-message-timestamp": "2023-11-14T22:13:20Z",
             "kick-event-signature": b64(rsa_sign("sha256", KICK + body))})

FAL_JWKS = '{"keys":[{"kty":"OKP","crv":"Ed25519","use":"sig","x":"%s"}]}' % base64.urlsafe_b64encode(bytes.fromhex(key_file("ed25519.hex"))).decode().rstrip("=")
case("fal", "request.json", "", jwks={"https://rest.fal.ai/.well-known/jwks.json": FAL_JWKS}, content_type="application/json", settings={'user_id': 'github|octo17'},
     proof={'scheme': 'ed25519', 'secret': 'remote', 'id': '123e4567-octo', 'timestamp': 1700000000},
     facts={'type': 'request', 'action': 'OK', 'id': '123e4567-octo', 'tenant': 'github|octo17', 'subject': '123e4567-octo'},
     sign=lambda key, body, url: {
         "x-fal-webhook-request-id": "123e4567-octo", "x-fal-webhook-user-id": "github|octo17", "x-fal-webhook-timestamp": "1700000000",
         "x-fal-webhook-signature": ed_sign(b"123e4567-octo\ngithub|octo17\n1700000000\n" + sha("sha256", body).hex().encode()).hex()})


def hygraph(key, body, url):
    text = json.dumps({"Body": body.decode(), "EnvironmentName": "master", "TimeStamp": 1700000000000}, separators=(",", ":"), ensure_ascii=False)
    return {"gcms-signature": f"sign={b64(mac('sha256', key, text.encode()))}, env=master, t=1700000000000"}


case("hygraph", "Product.json", "octo-corp-hygraph-secret-key-17", content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000}, sign=hygraph,
     facts={'type': 'Product', 'action': 'publish', 'time': '2025-06-12T10:00:00.652216Z', 'subject': 'ckoctoproduct17'})

SHOPLINE = {'x-shopline-topic': 'orders/update', 'x-shopline-shop-domain': 'octo-corp.myshopline.com', 'x-shopline-webhook-id': 'b54557e48a5fbf7d70octo17'}
for scheme, encode in (("sha256", b64), ("sha256-hex", bytes.hex)):
    case("shopline", "orders__update.json", "octo-corp-shopline-app-secret", name=scheme, scheme=scheme, content_type="application/json", headers=SHOPLINE,
         proof={'scheme': scheme, 'secret': '1'},
         facts={'type': 'orders', 'action': 'update', 'id': 'b54557e48a5fbf7d70octo17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp.myshopline.com', 'subject': '21057octo17'},
         sign=lambda key, body, url, encode=encode: {"x-shopline-hmac-sha256": encode(mac("sha256", key, body))})

case("oci-notifications", "OK_TO_FIRING.json", "octo:correct-horse-battery", content_type="application/json",
     headers={'x-oci-ns-messageid': 'octo-message-17', 'x-oci-ns-topicocid': 'ocid1.onstopic.oc1.phx.octo17'},
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'OK_TO_FIRING', 'id': 'octo-message-17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ocid1.onstopic.oc1.phx.octo17', 'subject': '0f3aocto-17'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})

case("recharge", "charge__paid.json", "octo-corp-recharge-client-secret", name="digest", scheme="digest", content_type="application/json",
     headers={'x-recharge-topic': 'charge/paid'}, proof={'scheme': 'digest', 'secret': '1'},
     facts={'type': 'charge', 'action': 'paid', 'time': '2025-06-12T10:00:00Z', 'subject': '1017'},
     sign=lambda key, body, url: {"x-recharge-hmac-sha256": sha("sha256", key + body).hex()})


def fireblocks(key, body, url):
    head = b64url(b'{"alg":"RS512","kid":"test-rsa-1"}')
    return {"fireblocks-webhook-signature": head + ".." + b64url(rsa_sign("sha512", (head + "." + b64url(body)).encode()))}


case("fireblocks", "transaction.created.json", "", name="jws", content_type="application/json",
     jwks={"https://keys.fireblocks.io/.well-known/jwks.json": key_file("rsa.jwks").replace("RS256", "RS512")}, settings={'workspace_id': '9ee1bff0-octo-4ae5-8e44-17c5b1f4a001'},
     proof={'scheme': 'jws', 'secret': 'remote'},
     facts={'type': 'transaction', 'action': 'created', 'id': '70a4octo-b1a3-42b6-9b9b-000000000017', 'time': '2025-06-12T10:00:00Z', 'tenant': '9ee1bff0-octo-4ae5-8e44-17c5b1f4a001', 'subject': '0b0aocto-cf33-4a16-8b32-000000000001'},
     sign=fireblocks)
