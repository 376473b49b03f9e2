import zlib

from make import EC_KID, b64, case, fields, jwt_es, jwt_hs, key_file, mac, rsa_sign, sha, std, unb64

case("klaviyo", "event%3Aklaviyo.subscribed_to_email.json", "octo-corp-klaviyo-signing-secret",
     content_type="application/json",
     headers={'klaviyo-webhook-id': '01OCTOHOOK'},
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'tenant': '01OCTOHOOK'},
     items=[{'type': 'event:klaviyo.subscribed_to_email', 'tenant': '01OCTOHOOK', 'subject': '4vRpBT'}],
     sign=lambda key, body, url: {"klaviyo-signature": mac("sha256", key, body + b"1700000000").hex(), "klaviyo-timestamp": "1700000000"})

case("lago", "invoice.created.json", "octo-corp-lago-signing-secret",
     content_type="application/json",
     headers={'x-lago-signature-algorithm': 'hmac', 'x-lago-unique-key': '9d5a3c1e-octo'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'invoice', 'action': 'created', 'id': '9d5a3c1e-octo', 'tenant': 'org-octo', 'subject': '1a901a90-octo'},
     sign=lambda key, body, url: {"x-lago-signature": b64(mac("sha256", key, body))})

case("lemon-squeezy", "order_created.json", "octo-corp-lemon-squeezy-signing-secret",
     content_type="application/json",
     headers={'x-event-name': 'order_created'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'order_created', 'time': '2025-06-12T10:00:00Z', 'tenant': '1', 'subject': '1'},
     sign=lambda key, body, url: {"x-signature": mac("sha256", key, body).hex()})

case("line", "message.json", "octo-corp-line-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'tenant': 'Uoctocorp'},
     items=[{'type': 'message', 'id': '01FZ74A0TDDPYRVKNK77XKC3ZR', 'time': '2025-06-12T10:00:00Z', 'tenant': 'Uoctocorp', 'subject': 'Uana'}],
     sign=lambda key, body, url: {"x-line-signature": b64(mac("sha256", key, body))})

case("linear", "Issue.json", "octo-corp-linear-signing-secret",
     at=1749722400,
     content_type="application/json",
     headers={'linear-delivery': '234d1a4e-octo', 'linear-event': 'Issue'},
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1749722400},
     facts={'type': 'Issue', 'action': 'update', 'id': '234d1a4e-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org-octo', 'subject': '2174add1-octo'},
     sign=lambda key, body, url: {"linear-signature": mac("sha256", key, body).hex()})

case("lithic", "card.created.json", "whsec_b2N0by1jb3JwLWxpdGhpYy1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'card', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'subject': 'crd-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("lithic", "card.created.json", "whsec_b2N0by1jb3JwLWxpdGhpYy1rZXktb2YtMzItYnl0ZXM=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'card', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'subject': 'crd-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("livekit", "room_started.json", "octo-corp-livekit-signing-secret",
     settings={'api_key': 'APIoctoCorp17'},
     content_type="application/webhook+json",
     proof={'scheme': 'jwt', 'secret': '1'},
     facts={'type': 'room_started', 'id': 'EV_octo17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'gloves', 'subject': 'RM_octo17'},
     sign=lambda key, body, url: {"authorization": jwt_hs(key, {"iss": "APIoctoCorp17", "nbf": 1700000000, "exp": 1700000300, "sha256": b64(sha("sha256", body))})})

case("loops", "email.delivered.json", "whsec_b2N0by1jb3JwLWxvb3BzLWtleS1vZi0zMi1ieXRlcyE=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'email', 'action': 'delivered', 'time': '2025-06-12T10:00:00Z', 'subject': 'cnt_octo_17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("loops", "email.delivered.json", "whsec_b2N0by1jb3JwLWxvb3BzLWtleS1vZi0zMi1ieXRlcyE=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'email', 'action': 'delivered', 'time': '2025-06-12T10:00:00Z', 'subject': 'cnt_octo_17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("mailchimp", "subscribe.form", "octo-corp-mailchimp-secret",
     url="https://hooks.octo-corp.example/mailchimp?secret=octo-corp-mailchimp-secret",
     content_type="application/x-www-form-urlencoded",
     proof={'scheme': 'query', 'secret': '1'},
     facts={'type': 'subscribe', 'time': '2025-06-12T10:00:00Z', 'tenant': 'a6b5da1054', 'subject': '8a25ff1d98'},
     sign=lambda key, body, url: {})

case("mailersend", "activity.delivered.json", "octo-corp-mailersend-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'activity', 'action': 'delivered', 'id': '62f114f8165fe0d8db0288e5', 'time': '2025-06-12T10:00:00Z', 'tenant': 'yv69oxl5kl785kw2', 'subject': '62f114f7165fe0d8db0288e2'},
     sign=lambda key, body, url: {"signature": mac("sha256", key, body).hex()})

case("mailgun", "delivered.json", "octo-corp-mailgun-signing-secret",
     content_type="application/json",
     fill=lambda key, body: {"@SIG@": mac("sha256", key, b"17000000007e9d4a2b1c0f8e6d5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e").hex()},
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'delivered', 'id': 'CPgfbmQMTCKtHW6uIWtuVe', 'time': '2025-06-12T10:00:00.129Z', 'tenant': 'mg.octo-corp.example', 'subject': '20250612100000.1.octo@octo-corp.example'},
     sign=lambda key, body, url: {})

case("mandrill", "send.form", "octo-corp-mandrill-signing-secret",
     url="https://hooks.octo-corp.example/mandrill",
     content_type="application/x-www-form-urlencoded",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={},
     items=[{'type': 'send', 'time': '2025-06-12T10:00:00Z', 'subject': 'exampleocto17'}],
     sign=lambda key, body, url: {"x-mandrill-signature": b64(mac("sha1", key, url + b"".join(a + b for a, b in sorted(fields(body)))))})

case("mercadopago", "payment.json", "octo-corp-mercadopago-signing-secret",
     url="https://hooks.octo-corp.example/mercadopago?data.id=999999999&type=payment",
     content_type="application/json",
     headers={'x-request-id': '2066ca19-octo'},
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'payment', 'action': 'payment.created', 'id': '12345', 'time': '2025-06-12T14:00:00Z', 'tenant': '44444', 'subject': '999999999'},
     sign=lambda key, body, url: {"x-signature": "ts=1700000000,v1=" + mac("sha256", key, b"id:999999999;request-id:2066ca19-octo;ts:1700000000;").hex()})

case("messagebird", "message.created.json", "octo-corp-messagebird-signing-secret",
     url="https://hooks.octo-corp.example/messagebird",
     content_type="application/json",
     proof={'scheme': 'jwt', 'secret': '1'},
     facts={'type': 'message', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ws-octo', 'subject': 'cnv-17'},
     sign=lambda key, body, url: {"messagebird-signature-jwt": jwt_hs(key, {"iss": "MessageBird", "nbf": 1700000000, "exp": 1700000060, "jti": "octo-17", "url_hash": sha("sha256", url).hex(), "payload_hash": sha("sha256", body).hex()})})

case("meta", "page.json", "octo-corp-meta-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'page'},
     items=[{'type': 'page', 'action': 'feed', 'time': '2025-06-12T10:00:00Z', 'tenant': '1017', 'subject': '44444444_444444444'}],
     sign=lambda key, body, url: {"x-hub-signature-256": "sha256=" + mac("sha256", key, body).hex()})

case("microsoft-graph", "updated.json", "octo-corp-microsoft-graph-signing-secret",
     content_type="application/json",
     fill=lambda key, body: {"@KEY@": key.decode()},
     proof={'scheme': 'client-state', 'secret': '1'},
     facts={},
     items=[{'type': 'updated', 'id': 'lsgTZMr9KwAAA', 'tenant': '84bd8158-octo', 'subject': 'users/ana/messages/17'}],
     sign=lambda key, body, url: {})

case("microsoft-teams-outgoing", "message.json", "b2N0by1jb3JwLXRlYW1zLXNlY3VyaXR5LXRva2VuISE=",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'message', 'id': '1749722400000', 'time': '2025-06-12T10:00:00Z', 'tenant': '72f988bf-octo', 'subject': '19:octo@thread.tacv2'},
     sign=lambda key, body, url: {"authorization": "HMAC " + b64(mac("sha256", unb64(key), body))})

case("modern-treasury", "payment_order.json", "octo-corp-modern-treasury-signing-secret",
     content_type="application/json",
     headers={'x-topic': 'payment_order', 'x-event-id': 'evt-octo-1'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'payment_order', 'action': 'completed', 'id': 'evt-octo-1', 'time': '2025-06-12T10:00:00Z', 'subject': 'f8e1-octo-17'},
     sign=lambda key, body, url: {"x-signature": mac("sha256", key, body).hex()})

case("mollie", "payment-link.paid.json", "octo-corp-mollie-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'payment-link', 'action': 'paid', 'id': 'event_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'pl_octo_17'},
     sign=lambda key, body, url: {"x-mollie-signature": "sha256=" + mac("sha256", key, body).hex()})

case("monday", "create_pulse.json", "octo-corp-monday-signing-secret",
     content_type="application/json",
     proof={'scheme': 'jwt', 'secret': '1'},
     facts={'type': 'create_pulse', 'id': 'b5ed2e17-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': '1771812698', 'subject': '1772099344'},
     sign=lambda key, body, url: {"authorization": jwt_hs(key, {"accountId": 17, "userId": 9603417, "aud": "https://hooks.octo-corp.example/monday", "exp": 1700000300, "iat": 1700000000})})

case("mux", "video.asset.ready.json", "octo-corp-mux-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'video.asset', 'action': 'ready', 'id': '3a56ac3d-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'j0863n', 'subject': '0201p02fGKPE7MrbC269XRD7LpcHhrmbu0002'},
     sign=lambda key, body, url: {"mux-signature": "t=1700000000,v1=" + mac("sha256", key, b"1700000000." + body).hex()})

case("netlify", "ready.json", "octo-corp-netlify-signing-secret",
     content_type="application/json",
     proof={'scheme': 'jwt', 'secret': '1'},
     facts={'type': 'ready', 'time': '2025-06-12T10:00:00Z', 'tenant': 'd1f2-octo', 'subject': 'octo-shop'},
     sign=lambda key, body, url: {"x-webhook-signature": jwt_hs(key, {"iss": "netlify", "sha256": sha("sha256", body).hex()})})

case("notion", "page.created.json", "octo-corp-notion-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'page', 'action': 'created', 'id': '367cba44-b6f3-4c92-81e7-6a2e9659efd4', 'time': '2025-06-12T10:00:00Z', 'tenant': '13950b26-octo', 'subject': '153104cd-octo'},
     sign=lambda key, body, url: {"x-notion-signature": "sha256=" + mac("sha256", key, body).hex()})

case("okta", "user.session.start.json", "octo-corp-okta-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'id': 'b5a188b9-5ece-4636-b041-482ffda96311', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://octo-corp.okta.com/api/v1/eventHooks/whooql0o07OctO'},
     items=[{'type': 'user.session', 'action': 'start', 'id': '92b20c9c-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://octo-corp.okta.com/api/v1/eventHooks/whooql0o07OctO', 'subject': '00uoctoana'}],
     sign=lambda key, body, url: {"authorization": key.decode()})

case("onfido", "check.completed.json", "octo-corp-onfido-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'check', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'tenant': 'check', 'subject': '8546921-octo'},
     sign=lambda key, body, url: {"x-sha2-signature": mac("sha256", key, body).hex()})

case("openai", "response.completed.json", "whsec_b2N0by1jb3JwLW9wZW5haS1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'response', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'subject': 'resp_octo_17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("openai", "response.completed.json", "whsec_b2N0by1jb3JwLW9wZW5haS1rZXktb2YtMzItYnl0ZXM=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'response', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'subject': 'resp_octo_17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("paddle", "transaction.completed.json", "octo-corp-paddle-signing-secret",
     content_type="application/json",
     proof={'scheme': 'h1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'transaction', 'action': 'completed', 'id': 'evt_01octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ctm_01octo', 'subject': 'txn_01octo'},
     sign=lambda key, body, url: {"paddle-signature": "ts=1700000000;h1=" + mac("sha256", key, b"1700000000:" + body).hex()})

case("pagerduty", "incident.triggered.json", "octo-corp-pagerduty-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1'},
     facts={'type': 'incident', 'action': 'triggered', 'id': '01BZOCTO', 'time': '2025-06-12T10:00:00Z', 'tenant': 'PF9KMXH', 'subject': 'Q1OCTO'},
     sign=lambda key, body, url: {"x-pagerduty-signature": "v1=" + mac("sha256", key, body).hex()})

case("pandadoc", "document_state_changed.json", "octo-corp-pandadoc-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'document_state_changed', 'time': '2025-06-12T10:00:00Z', 'subject': 'msFYActMfJHqNTKH8YSvF1'}],
     sign=lambda key, body, url: {"url": "https://hooks.octo-corp.example/pandadoc?signature=" + mac("sha256", key, body).hex()})

case("paypal", "PAYMENT.CAPTURE.COMPLETED.json", "",
     settings={'webhook_id': '8PT597110X687430LKGECATA'},
     certificates={"https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-octo": key_file("rsa.crt")},
     content_type="application/json",
     headers={'paypal-transmission-id': '69cd13f0-octo', 'paypal-transmission-time': '2025-06-12T10:00:01Z', 'paypal-auth-algo': 'SHA256withRSA', 'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-octo'},
     proof={'scheme': 'certificate', 'secret': '1'},
     facts={'type': 'PAYMENT.CAPTURE', 'action': 'COMPLETED', 'id': 'WH-octo-17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OCTOMERCHANT', 'subject': '42311647XV020574X'},
     sign=lambda key, body, url: {"paypal-transmission-sig": b64(rsa_sign("sha256", b"69cd13f0-octo|2025-06-12T10:00:01Z|8PT597110X687430LKGECATA|%d" % zlib.crc32(body)))})

case("paystack", "charge.success.json", "octo-corp-paystack-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha512', 'secret': '1'},
     facts={'type': 'charge', 'action': 'success', 'time': '2025-06-12T10:00:00Z', 'tenant': 'live', 'subject': '302961'},
     sign=lambda key, body, url: {"x-paystack-signature": mac("sha512", key, body).hex()})

case("pipedrive", "deal.json", "octo:correct-horse-battery",
     content_type="application/json",
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'deal', 'action': 'create', 'id': 'c6f3-octo:m-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': '1020', 'subject': '17'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})

case("plaid", "TRANSACTIONS.json", key_file("ec.jwk"),
     content_type="application/json",
     proof={'scheme': 'jwt', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'TRANSACTIONS', 'action': 'SYNC_UPDATES_AVAILABLE', 'tenant': 'sandbox', 'subject': 'wz666MBjYWTp2PDzzggYhM6oWWmBb'},
     sign=lambda key, body, url: {"plaid-verification": jwt_es(EC_KID, {"iat": 1700000000, "request_body_sha256": sha("sha256", body).hex()})})

case("plivo", "StartApp.form", "octo-corp-plivo-signing-secret",
     scheme="v2", name="v2",
     url="https://hooks.octo-corp.example/plivo",
     content_type="application/x-www-form-urlencoded",
     proof={'scheme': 'v2', 'secret': '1'},
     facts={'type': 'StartApp', 'subject': '97ceeb52-octo'},
     sign=lambda key, body, url: {"x-plivo-signature-v2-nonce": "05429567804466091622", "x-plivo-signature-v2": b64(mac("sha256", key, url + b"05429567804466091622"))})

case("polar", "order.paid.json", "octo-corp-polar-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'order', 'action': 'paid', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org-octo', 'subject': 'ord-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, decode=False))

case("polar", "order.paid.json", "octo-corp-polar-signing-secret",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'order', 'action': 'paid', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org-octo', 'subject': 'ord-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix", decode=False))

case("postal", "MessageSent.json", key_file("rsa.spki"),
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'MessageSent', 'id': 'b7a1-octo-17', 'time': '2025-06-12T10:00:00.125Z', 'subject': '17@octo-corp.example'},
     sign=lambda key, body, url: {"x-postal-signature-256": b64(rsa_sign("sha256", body)), "x-postal-signature": b64(rsa_sign("sha1", body))})

case("postmark", "Delivery.json", "octo:correct-horse-battery",
     content_type="application/json",
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'Delivery', 'time': '2025-06-12T10:00:00Z', 'tenant': '23', 'subject': '00000000-0000-0000-0000-octo00000017'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})
