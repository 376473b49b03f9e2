from make import b64, case, mac, std, unb64

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

case("mailersend", "activity.delivered.json", "octo-corp-mailersend-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'activity', 'action': 'delivered', 'id': '62f114f8165fe0d8db0288e5', 'time': '2025-06-12T10:00:00Z', 'tenant': 'yv69oxl5kl785kw2', 'subject': '62f114f7165fe0d8db0288e2'},
     sign=lambda key, body, url: {"signature": mac("sha256", key, body).hex()})

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

case("mux", "video.asset.ready.json", "octo-corp-mux-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'video.asset', 'action': 'ready', 'id': '3a56ac3d-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'j0863n', 'subject': '0201p02fGKPE7MrbC269XRD7LpcHhrmbu0002'},
     sign=lambda key, body, url: {"mux-signature": "t=1700000000,v1=" + mac("sha256", key, b"1700000000." + body).hex()})

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

case("pagerduty", "incident.triggered.json", "octo-corp-pagerduty-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1'},
     facts={'type': 'incident', 'action': 'triggered', 'id': '01BZOCTO', 'time': '2025-06-12T10:00:00Z', 'tenant': 'PF9KMXH', 'subject': 'Q1OCTO'},
     sign=lambda key, body, url: {"x-pagerduty-signature": "v1=" + mac("sha256", key, body).hex()})

case("paystack", "charge.success.json", "octo-corp-paystack-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha512', 'secret': '1'},
     facts={'type': 'charge', 'action': 'success', 'time': '2025-06-12T10:00:00Z', 'tenant': 'live', 'subject': '302961'},
     sign=lambda key, body, url: {"x-paystack-signature": mac("sha512", key, body).hex()})

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

case("segment", "track.json", "octo-corp-segment-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'track', 'action': 'Order Completed', 'id': 'ajs-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'prj-octo', 'subject': 'ana'},
     sign=lambda key, body, url: {"x-signature": mac("sha1", key, body).hex()})

case("sentry", "issue.json", "octo-corp-sentry-signing-secret",
     content_type="application/json",
     headers={'request-id': '4eb2-octo', 'sentry-hook-resource': 'issue', 'sentry-hook-timestamp': '1749722400'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'issue', 'action': 'created', 'id': '4eb2-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'a8e5d37a-octo', 'subject': '1170820242'},
     sign=lambda key, body, url: {"sentry-hook-signature": mac("sha256", key, body).hex()})

case("snyk", "project_snapshot__v0.json", "octo-corp-snyk-signing-secret",
     content_type="application/json",
     headers={'x-snyk-event': 'project_snapshot/v0', 'x-snyk-timestamp': '2025-06-12T10:00:00Z', 'x-snyk-transport-id': '998fe884-octo'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'project_snapshot', 'action': 'v0', 'id': '998fe884-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org-octo', 'subject': 'prj-octo-17'},
     sign=lambda key, body, url: {"x-hub-signature": "sha256=" + mac("sha256", key, body).hex()})

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

case("terraform-cloud", "run_completed.json", "octo-corp-terraform-cloud-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha512', 'secret': '1'},
     facts={'type': 'run', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp', 'subject': 'run-octo17'},
     sign=lambda key, body, url: {"x-tfe-notification-signature": mac("sha512", key, body).hex()})

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

case("vercel", "deployment.succeeded.json", "octo-corp-vercel-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'deployment', 'action': 'succeeded', 'id': 'uev_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'team_octo', 'subject': 'prj_octo_17'},
     sign=lambda key, body, url: {"x-vercel-signature": mac("sha1", key, body).hex()})
