from make import b64, b64url, case, ec_sign, ed_sign, fields, jwt_hs, key_file, mac, sha, std

case("pusher", "channel_occupied.json", "octo-corp-pusher-signing-secret",
     content_type="application/json",
     headers={'x-pusher-key': 'octokey1'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'time': '2025-06-12T10:00:00Z', 'tenant': 'octokey1'},
     items=[{'type': 'channel_occupied', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octokey1', 'subject': 'gloves'}],
     sign=lambda key, body, url: {"x-pusher-signature": mac("sha256", key, body).hex()})

case("quickbooks", "Customer.json", "octo-corp-quickbooks-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'Customer', 'action': 'Create', 'time': '2025-06-12T10:00:00Z', 'tenant': '1185883450', 'subject': '17'}],
     sign=lambda key, body, url: {"intuit-signature": b64(mac("sha256", key, body))})

case("ramp", "transactions.cleared.json", "octo-corp-ramp-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'transactions', 'action': 'cleared', 'id': 'evt-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'biz-octo', 'subject': 'trn-octo-17'},
     sign=lambda key, body, url: {"x-ramp-signature": mac("sha256", key, body).hex()})

case("razorpay", "payment.captured.json", "octo-corp-razorpay-signing-secret",
     content_type="application/json",
     headers={'x-razorpay-event-id': 'EvtOcto1'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'payment', 'action': 'captured', 'id': 'EvtOcto1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'acc_octo', 'subject': 'pay_octo_17'},
     sign=lambda key, body, url: {"x-razorpay-signature": mac("sha256", key, body).hex()})

case("recall-ai", "bot.done.json", "whsec_b2N0by1jb3JwLXJlY2FsbC1haS1rZXktb2YtMzItYnk=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'bot', 'action': 'done', 'time': '2025-06-12T10:00:00Z', 'subject': 'bot-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("recall-ai", "bot.done.json", "whsec_b2N0by1jb3JwLXJlY2FsbC1haS1rZXktb2YtMzItYnk=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'bot', 'action': 'done', 'time': '2025-06-12T10:00:00Z', 'subject': 'bot-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("recurly", "account.json", "octo-corp-recurly-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'account', 'action': 'updated', 'time': '2025-06-12T10:00:00Z', 'tenant': 'rtqoctosite', 'subject': 'rtrnoctohook1'},
     sign=lambda key, body, url: {"recurly-signature": "1700000000000," + mac("sha256", key, b"1700000000000." + body).hex()})

case("render", "deploy_ended.json", "whsec_b2N0by1jb3JwLXJlbmRlci1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'deploy_ended', 'time': '2025-06-12T10:00:00Z', 'tenant': 'srv-octo', 'subject': 'evt-octo-1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("render", "deploy_ended.json", "whsec_b2N0by1jb3JwLXJlbmRlci1rZXktb2YtMzItYnl0ZXM=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'deploy_ended', 'time': '2025-06-12T10:00:00Z', 'tenant': 'srv-octo', 'subject': 'evt-octo-1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("replicate", "prediction.json", "whsec_b2N0by1jb3JwLXJlcGxpY2F0ZS1rZXktb2YtMzItYnk=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'prediction', 'action': 'succeeded', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp/gloves', 'subject': 'ufawqhfynnddngldkgtslldrkq', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("replicate", "prediction.json", "whsec_b2N0by1jb3JwLXJlcGxpY2F0ZS1rZXktb2YtMzItYnk=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'prediction', 'action': 'succeeded', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp/gloves', 'subject': 'ufawqhfynnddngldkgtslldrkq', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("resend", "email.delivered.json", "whsec_b2N0by1jb3JwLXJlc2VuZC1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'email', 'action': 'delivered', 'time': '2025-06-12T10:00:00Z', 'subject': '56761188-octo', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("resend", "email.delivered.json", "whsec_b2N0by1jb3JwLXJlc2VuZC1rZXktb2YtMzItYnl0ZXM=",
     name="webhook_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'email', 'action': 'delivered', 'time': '2025-06-12T10:00:00Z', 'subject': '56761188-octo', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("retell", "call_ended.json", "octo-corp-retell-signing-secret",
     content_type="application/json",
     proof={'scheme': 'd', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'call_ended', 'time': '2025-06-12T10:00:00Z', 'tenant': 'agent_octo', 'subject': 'call_octo_17'},
     sign=lambda key, body, url: {"x-retell-signature": "v=1700000000000,d=" + mac("sha256", key, body + b"1700000000000").hex()})

case("revenuecat", "INITIAL_PURCHASE.json", "octo-corp-revenuecat-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'INITIAL_PURCHASE', 'id': '12345678-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'app_octo', 'subject': 'ana'},
     sign=lambda key, body, url: {"x-revenuecat-webhook-signature": "t=1700000000,v1=" + mac("sha256", key, b"1700000000." + body).hex()})

case("revenuecat", "INITIAL_PURCHASE.json", "octo-corp-revenuecat-shared-token",
     name="token_chosen",
     scheme="token",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'INITIAL_PURCHASE', 'id': '12345678-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'app_octo', 'subject': 'ana'},
     sign=lambda key, body, url: {"authorization": key.decode()})

case("sanity", "create.json", "octo-corp-sanity-signing-secret",
     content_type="application/json",
     headers={'idempotency-key': 'idem-octo-1', 'sanity-operation': 'create', 'sanity-project-id': 'octoproj', 'sanity-document-id': 'glove-17', 'sanity-transaction-time': '2025-06-12T10:00:00.000Z'},
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'create', 'id': 'idem-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octoproj', 'subject': 'glove-17'},
     sign=lambda key, body, url: {"sanity-webhook-signature": "t=1700000000000,v1=" + b64url(mac("sha256", key, b"1700000000000." + body))})

case("segment", "track.json", "octo-corp-segment-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'track', 'action': 'Order Completed', 'id': 'ajs-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'prj-octo', 'subject': 'ana'},
     sign=lambda key, body, url: {"x-signature": mac("sha1", key, body).hex()})

case("sendgrid", "delivered.json", key_file("ec.spki"),
     content_type="application/json",
     proof={'scheme': 'ecdsa', 'secret': '1', 'timestamp': 1700000000},
     facts={},
     items=[{'type': 'delivered', 'id': 'ZGVsaXZlcmVkLTAtb2N0bw', 'time': '2025-06-12T10:00:00Z', 'subject': '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0'}],
     sign=lambda key, body, url: {"x-twilio-email-event-webhook-timestamp": "1700000000", "x-twilio-email-event-webhook-signature": b64(ec_sign("sha256", b"1700000000" + body))})

case("sentry", "issue.json", "octo-corp-sentry-signing-secret",
     content_type="application/json",
     headers={'request-id': '4eb2-octo', 'sentry-hook-resource': 'issue', 'sentry-hook-timestamp': '1749722400'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'issue', 'action': 'created', 'id': '4eb2-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'a8e5d37a-octo', 'subject': '1170820242'},
     sign=lambda key, body, url: {"sentry-hook-signature": mac("sha256", key, body).hex()})

case("sinch", "TO_APP.json", "octo-corp-sinch-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'message', 'id': '01OCTOMSG17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'prj-octo', 'subject': '01OCTOAPP'},
     sign=lambda key, body, url: {"x-sinch-webhook-signature": b64(mac("sha256", key, body + b".01FJA8B4A7BM43YGWSG9GBV067.1700000000")), "x-sinch-webhook-signature-nonce": "01FJA8B4A7BM43YGWSG9GBV067", "x-sinch-webhook-signature-timestamp": "1700000000", "x-sinch-webhook-signature-algorithm": "HmacSHA256"})

case("snyk", "project_snapshot__v0.json", "octo-corp-snyk-signing-secret",
     content_type="application/json",
     headers={'x-snyk-event': 'project_snapshot/v0', 'x-snyk-timestamp': '2025-06-12T10:00:00Z', 'x-snyk-transport-id': '998fe884-octo'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'project_snapshot', 'action': 'v0', 'id': '998fe884-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org-octo', 'subject': 'prj-octo-17'},
     sign=lambda key, body, url: {"x-hub-signature": "sha256=" + mac("sha256", key, body).hex()})

case("square", "payment.created.json", "octo-corp-square-signing-secret",
     url="https://hooks.octo-corp.example/square",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'payment', 'action': 'created', 'id': '13b867cf-db3d-4b1c-90b6-2f32a9d78124', 'time': '2025-06-12T10:00:00.123456789Z', 'tenant': '6SSW7HV8K2ST5', 'subject': 'KkAkhdMsgzn59SM8A89WgKwekxLZY'},
     sign=lambda key, body, url: {"x-square-hmacsha256-signature": b64(mac("sha256", key, url + body))})

case("strava", "activity.json", "octo-corp-strava-secret",
     url="https://hooks.octo-corp.example/strava?secret=octo-corp-strava-secret",
     content_type="application/json",
     proof={'scheme': 'query', 'secret': '1'},
     facts={'type': 'activity', 'action': 'update', 'time': '2025-06-12T10:00:00Z', 'tenant': '134815', 'subject': '1360128428'},
     sign=lambda key, body, url: {})

case("stytch", "user.json", "whsec_b2N0by1jb3JwLXN0eXRjaC1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'user', 'action': 'CREATE', 'time': '2025-06-12T10:00:00Z', 'tenant': 'project-octo', 'subject': 'user-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("stytch", "user.json", "whsec_b2N0by1jb3JwLXN0eXRjaC1rZXktb2YtMzItYnl0ZXM=",
     name="webhook_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'user', 'action': 'CREATE', 'time': '2025-06-12T10:00:00Z', 'tenant': 'project-octo', 'subject': 'user-octo-17', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("svix", "invoice.paid.json", "whsec_b2N0by1jb3JwLXN2aXgta2V5LW9mLTMyLWJ5dGVzISE=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'invoice', 'action': 'paid', 'time': '2023-11-14T22:13:20Z', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("svix", "invoice.paid.json", "whsec_b2N0by1jb3JwLXN2aXgta2V5LW9mLTMyLWJ5dGVzISE=",
     name="webhook_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'invoice', 'action': 'paid', 'time': '2023-11-14T22:13:20Z', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("tally", "FORM_RESPONSE.json", "octo-corp-tally-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'FORM_RESPONSE', 'id': 'a4cb511e-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'VwbNEw', 'subject': '2wgx4n'},
     sign=lambda key, body, url: {"tally-signature": b64(mac("sha256", key, body))})

case("telegram", "update.json", "octo-corp-telegram-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'message', 'id': '10000017', 'time': '2025-06-12T10:00:00Z', 'subject': '1111111'},
     sign=lambda key, body, url: {"x-telegram-bot-api-secret-token": key.decode()})

case("telnyx", "call.answered.json", key_file("ed25519.b64"),
     content_type="application/json",
     proof={'scheme': 'ed25519', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'call', 'action': 'answered', 'id': '0ccc7b54-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': '7267xxxxxxxxxxxxxx', 'subject': 'v3:octo17'},
     sign=lambda key, body, url: {"telnyx-timestamp": "1700000000", "telnyx-signature-ed25519": b64(ed_sign(b"1700000000|" + body))})

case("terraform-cloud", "run_completed.json", "octo-corp-terraform-cloud-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha512', 'secret': '1'},
     facts={'type': 'run', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp', 'subject': 'run-octo17'},
     sign=lambda key, body, url: {"x-tfe-notification-signature": mac("sha512", key, body).hex()})

case("trello", "updateCard.json", "octo-corp-trello-signing-secret",
     url="https://hooks.octo-corp.example/trello",
     content_type="application/json",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'updateCard', 'id': '51f9424bcd6e040f3c002412', 'time': '2025-06-12T10:00:00Z', 'tenant': '4d5ea62fd76aa1136000000c', 'subject': '51a79e72dbb7e23c7c003778'},
     sign=lambda key, body, url: {"x-trello-webhook": b64(mac("sha1", key, body + url))})

case("twilio", "received.form", "octo-corp-twilio-auth-token-00001",
     url="https://hooks.octo-corp.example/twilio?tenant=octo",
     content_type="application/x-www-form-urlencoded",
     headers={'i-twilio-idempotency-token': '4f1b-octo-17'},
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'received', 'id': '4f1b-octo-17', 'tenant': 'AC0octo', 'subject': 'SM0octo17'},
     sign=lambda key, body, url: {"x-twilio-signature": b64(mac("sha1", key, url + b"".join(a + b for a, b in sorted(fields(body)))))})

case("twitch", "stream.online.json", "octo-corp-twitch-signing-secret",
     at=1700000000,
     content_type="application/json",
     headers={'twitch-eventsub-message-type': 'notification', 'twitch-eventsub-subscription-type': 'stream.online'},
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000, 'id': 'befa7b53-octo'},
     facts={'type': 'stream', 'action': 'online', 'id': 'befa7b53-octo', 'time': '2023-11-14T22:13:20Z', 'tenant': '1337', 'subject': 'f1c2a387-octo'},
     sign=lambda key, body, url: {"twitch-eventsub-message-id": "befa7b53-octo", "twitch-eventsub-message-timestamp": "2023-11-14T22:13:20.000000000Z", "twitch-eventsub-message-signature": "sha256=" + mac("sha256", key, b"befa7b53-octo" + b"2023-11-14T22:13:20.000000000Z" + body).hex()})

case("typeform", "form_response.json", "octo-corp-typeform-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'form_response', 'id': 'LtWXD3crgy', 'time': '2025-06-12T10:00:00Z', 'tenant': 'lT4Z3j', 'subject': 'a3a12ec67a1365927098a606107fac15'},
     sign=lambda key, body, url: {"typeform-signature": "sha256=" + b64(mac("sha256", key, body))})

case("vapi", "end-of-call-report.json", "octo-corp-vapi-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'end-of-call-report', 'time': '2025-06-12T10:00:00Z', 'tenant': 'asst-octo', 'subject': 'call-octo-17'},
     sign=lambda key, body, url: {"x-vapi-signature": mac("sha256", key, body).hex()})

case("vapi", "end-of-call-report.json", "octo-corp-vapi-shared-token",
     name="token_chosen",
     scheme="token",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'end-of-call-report', 'time': '2025-06-12T10:00:00Z', 'tenant': 'asst-octo', 'subject': 'call-octo-17'},
     sign=lambda key, body, url: {"x-vapi-secret": key.decode()})

case("vercel", "deployment.succeeded.json", "octo-corp-vercel-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'deployment', 'action': 'succeeded', 'id': 'uev_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'team_octo', 'subject': 'prj_octo_17'},
     sign=lambda key, body, url: {"x-vercel-signature": mac("sha1", key, body).hex()})

case("viber", "message.json", "octo-corp-viber-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'message', 'time': '2025-06-12T10:00:00Z', 'tenant': 'SN-CHAT-17_', 'subject': '01234567890A='},
     sign=lambda key, body, url: {"x-viber-content-signature": mac("sha256", key, body).hex()})

case("vonage", "delivered.json", "octo-corp-vonage-signing-secret",
     content_type="application/json",
     proof={'scheme': 'jwt', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'delivered', 'time': '2025-06-12T10:00:00Z', 'subject': 'aaaaaaaa-octo-17'},
     sign=lambda key, body, url: {"authorization": "Bearer " + jwt_hs(key, {"iat": 1700000000, "jti": "octo-17", "iss": "Vonage", "payload_hash": sha("sha256", body).hex(), "api_key": "octo"})})

case("vonage-sms", "inbound.form", "octo-corp-vonage-sms-signing-secret",
     content_type="application/x-www-form-urlencoded",
     body=lambda key, body: body + b"&sig=" + mac("sha256", key, b"".join(b"&" + a + b"=" + b.replace(b"&", b"_").replace(b"=", b"_") for a, b in sorted(fields(body)))).hex().upper().encode(),
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'inbound', 'tenant': 'octo1234', 'subject': '0A0000000123ABCD1'},
     sign=lambda key, body, url: {})
