from make import b64, case, mac, sha, std

case("anthropic", "session.status_idled.json", "whsec_b2N0by1jb3JwLWFudGhyb3BpYy1rZXktb2YtMzItYnk=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'session', 'action': 'status_idled', 'time': '2025-06-12T10:00:00Z', 'subject': 'sesn_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("anthropic", "session.status_idled.json", "whsec_b2N0by1jb3JwLWFudGhyb3BpYy1rZXktb2YtMzItYnk=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'session', 'action': 'status_idled', 'time': '2025-06-12T10:00:00Z', 'subject': 'sesn_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("attio", "record.created.json", "octo-corp-attio-signing-secret",
     content_type="application/json",
     headers={'idempotency-key': 'idem_octo_1'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'id': 'idem_octo_1'},
     items=[{'type': 'record', 'action': 'created', 'tenant': 'ws_octo', 'subject': 'rec_17'}],
     sign=lambda key, body, url: {"attio-signature": mac("sha256", key, body).hex()})

case("beehiiv", "subscription.created.json", "whsec_b2N0by1jb3JwLWJlZWhpaXYta2V5LW9mLTMyLWJ5dGU=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'subscription', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'pub_octo', 'subject': 'sub_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("beehiiv", "subscription.created.json", "whsec_b2N0by1jb3JwLWJlZWhpaXYta2V5LW9mLTMyLWJ5dGU=",
     name="webhook_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'subscription', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'pub_octo', 'subject': 'sub_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("bigcommerce", "store__order__created.json", "octo-corp-bigcommerce-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'store/order/created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'stores/octo1', 'subject': '250', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, decode=False))

case("bigcommerce", "store__order__created.json", "octo-corp-bigcommerce-signing-secret",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'store/order/created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'stores/octo1', 'subject': '250', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix", decode=False))

case("bitbucket", "repo%3Apush.json", "octo-corp-bitbucket-signing-secret",
     content_type="application/json",
     headers={'x-event-key': 'repo:push', 'x-request-uuid': '5c0f1d0a-3c1d-4e0b-9c8e-4a2f9d6b7e10'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'repo', 'action': 'push', 'id': '5c0f1d0a-3c1d-4e0b-9c8e-4a2f9d6b7e10', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-hub-signature": "sha256=" + mac("sha256", key, body).hex()})

case("bitbucket-server", "repo%3Arefs_changed.json", "octo-corp-bitbucket-server-signing-secret",
     content_type="application/json",
     headers={'x-event-key': 'repo:refs_changed', 'x-request-id': 'f0a1c7b2-6d55-4c15-8b9a-9f1f4b1f9a01'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'repo', 'action': 'refs_changed', 'id': 'f0a1c7b2-6d55-4c15-8b9a-9f1f4b1f9a01', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OCTO', 'subject': 'hello-world'},
     sign=lambda key, body, url: {"x-hub-signature": "sha256=" + mac("sha256", key, body).hex()})

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

case("buildkite", "build.finished.json", "octo-corp-buildkite-signing-secret",
     content_type="application/json",
     headers={'x-buildkite-event': 'build.finished', 'x-buildkite-request': '18b0ac5f-6a29-4c6b-9c3e-octo00000001'},
     proof={'scheme': 'signature', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'build', 'action': 'finished', 'id': '18b0ac5f-6a29-4c6b-9c3e-octo00000001', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-pipeline', 'subject': 'f62a1b4d-10f9-4790-bc1c-e2c3a0c80983'},
     sign=lambda key, body, url: {"x-buildkite-signature": "timestamp=1700000000,signature=" + mac("sha256", key, b"1700000000." + body).hex()})

case("cal-com", "BOOKING_CREATED.json", "octo-corp-cal-com-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'BOOKING_CREATED', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ana@octo-corp.example', 'subject': 'bk_octo_1'},
     sign=lambda key, body, url: {"x-cal-signature-256": mac("sha256", key, body).hex()})

case("calendly", "invitee.created.json", "octo-corp-calendly-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'invitee', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://api.calendly.com/users/OCTO', 'subject': 'https://api.calendly.com/scheduled_events/GLOVE/invitees/ANA'},
     sign=lambda key, body, url: {"calendly-webhook-signature": "t=1700000000,v1=" + mac("sha256", key, b"1700000000." + body).hex()})

case("checkout-com", "payment_approved.json", "octo-corp-checkout-com-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'payment_approved', 'id': 'evt_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'pc_octo', 'subject': 'pay_octo_1'},
     sign=lambda key, body, url: {"cko-signature": mac("sha256", key, body).hex()})

case("circleci", "workflow-completed.json", "octo-corp-circleci-signing-secret",
     content_type="application/json",
     headers={'circleci-event-type': 'workflow-completed'},
     proof={'scheme': 'v1', 'secret': '1'},
     facts={'type': 'workflow-completed', 'id': '3888f21b-eaa7-38e3-8f3d-75a63bba8895', 'time': '2025-06-12T10:00:00Z', 'tenant': 'f22b6566', 'subject': 'github/octo-corp/hello-world'},
     sign=lambda key, body, url: {"circleci-signature": "v1=" + mac("sha256", key, body).hex()})

case("clerk", "user.created.json", "whsec_b2N0by1jb3JwLWNsZXJrLWtleS1vZi0zMi1ieXRlcyE=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'user', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ins_octo', 'subject': 'user_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("clerk", "user.created.json", "whsec_b2N0by1jb3JwLWNsZXJrLWtleS1vZi0zMi1ieXRlcyE=",
     name="webhook_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'user', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ins_octo', 'subject': 'user_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("clickup", "taskUpdated.json", "octo-corp-clickup-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'taskUpdated', 'id': '2800763136717140857', 'time': '2025-06-12T10:00:00Z', 'tenant': '7fa3ec74-69a8-4530-a251-8a13730bd204', 'subject': '1vj37mc'},
     sign=lambda key, body, url: {"x-signature": mac("sha256", key, body).hex()})

case("cloudflare-stream", "ready.json", "octo-corp-cloudflare-stream-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sig1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'ready', 'time': '2025-06-12T10:00:00Z', 'subject': '6b9e68b07dfee8cc2d116e4c51d6a957'},
     sign=lambda key, body, url: {"webhook-signature": "time=1700000000,sig1=" + mac("sha256", key, b"1700000000." + body).hex()})

case("coinbase-commerce", "charge%3Aconfirmed.json", "octo-corp-coinbase-commerce-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'charge', 'action': 'confirmed', 'id': '24934862-d980-46cb-9402-43c81b0cdba6', 'time': '2025-06-12T10:00:00Z', 'subject': '66BEOV2A'},
     sign=lambda key, body, url: {"x-cc-webhook-signature": mac("sha256", key, body).hex()})

case("cursor", "statusChange.json", "octo-corp-cursor-signing-secret",
     content_type="application/json",
     headers={'x-webhook-event': 'statusChange', 'x-webhook-id': 'msg_octo_1'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'statusChange', 'action': 'FINISHED', 'id': 'msg_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'bc_octo_1'},
     sign=lambda key, body, url: {"x-webhook-signature": "sha256=" + mac("sha256", key, body).hex()})

case("customerio", "email.delivered.json", "octo-corp-customerio-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'email', 'action': 'delivered', 'id': '01E4C4CT6YDC7Y5M7FE1GWWPQJ', 'time': '2025-06-12T10:00:00Z', 'subject': '17'},
     sign=lambda key, body, url: {"x-cio-signature": mac("sha256", key, b"v0:1700000000:" + body).hex(), "x-cio-timestamp": "1700000000"})

case("discourse", "topic_created.json", "octo-corp-discourse-signing-secret",
     content_type="application/json",
     headers={'x-discourse-event': 'topic_created', 'x-discourse-event-type': 'topic', 'x-discourse-event-id': '1751', 'x-discourse-instance': 'https://forum.octo-corp.example'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'topic_created', 'id': '1751', 'tenant': 'https://forum.octo-corp.example', 'subject': '42'},
     sign=lambda key, body, url: {"x-discourse-event-signature": "sha256=" + mac("sha256", key, body).hex()})

case("duffel", "order.created.json", "octo-corp-duffel-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'order', 'action': 'created', 'id': 'eve_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'ord_octo_1'},
     sign=lambda key, body, url: {"x-duffel-signature": "t=1700000000,v1=" + mac("sha256", key, b"1700000000." + body).hex()})

case("dwolla", "customer_created.json", "octo-corp-dwolla-signing-secret",
     content_type="application/json",
     headers={'x-dwolla-topic': 'customer_created'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'customer_created', 'id': 'cac95329-9fa5-42f1-a4fc-c08af7b868fb', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://api.dwolla.com/accounts/octo', 'subject': 'cdb5f779-62ad-e611-80e6-0aa34a9b2388'},
     sign=lambda key, body, url: {"x-request-signature-sha-256": mac("sha256", key, body).hex()})

case("easypost", "tracker.updated.json", "octo-corp-easypost-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'tracker', 'action': 'updated', 'id': 'evt_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'user_octo', 'subject': 'trk_octo_1'},
     sign=lambda key, body, url: {"x-hmac-signature": "hmac-sha256-hex=" + mac("sha256", key, body).hex()})

case("elevenlabs", "post_call_transcription.json", "octo-corp-elevenlabs-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v0', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'post_call_transcription', 'time': '2025-06-12T10:00:00Z', 'tenant': 'agent_octo', 'subject': 'conv_octo_17'},
     sign=lambda key, body, url: {"elevenlabs-signature": "t=1700000000,v0=" + mac("sha256", key, b"1700000000." + body).hex()})

case("flutterwave", "charge.completed.json", "octo-corp-flutterwave-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'charge', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'subject': 'chg_octo_1'},
     sign=lambda key, body, url: {"flutterwave-signature": b64(mac("sha256", key, body))})

case("gitea", "push.json", "octo-corp-gitea-signing-secret",
     content_type="application/json",
     headers={'x-gitea-event': 'push', 'x-gitea-event-type': 'push', 'x-gitea-delivery': 'f6266f16-1bf3-46a5-9ea4-602e06ead473'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'push', 'id': 'f6266f16-1bf3-46a5-9ea4-602e06ead473', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-gitea-signature": mac("sha256", key, body).hex()})

case("gitea", "push.json", "octo-corp-gitea-signing-secret",
     name="forgejo",
     scheme="forgejo",
     content_type="application/json",
     headers={'x-gitea-event': 'push', 'x-gitea-event-type': 'push', 'x-gitea-delivery': 'f6266f16-1bf3-46a5-9ea4-602e06ead473'},
     proof={'scheme': 'forgejo', 'secret': '1'},
     facts={'type': 'push', 'id': 'f6266f16-1bf3-46a5-9ea4-602e06ead473', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-forgejo-signature": mac("sha256", key, body).hex()})

case("gitlab", "push.json", "whsec_b2N0by1jb3JwLWdpdGxhYi1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     headers={'x-gitlab-event': 'Push Hook', 'x-gitlab-instance': 'https://gitlab.octo-corp.example'},
     proof={'scheme': 'signing-token', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'push', 'id': 'msg_octo_1', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: std(key, body))

case("gocardless", "payments.confirmed.json", "octo-corp-gocardless-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'payments', 'action': 'confirmed', 'id': 'EV0OCTO1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OR0OCTO', 'subject': 'PM0OCTO1'}],
     sign=lambda key, body, url: {"webhook-signature": mac("sha256", key, body).hex()})

case("gogs", "create.json", "octo-corp-gogs-signing-secret",
     content_type="application/json",
     headers={'x-gogs-event': 'create', 'x-gogs-delivery': 'f8a1f6b0-4a7c-4a64-9c4e-0c6f0octo001'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'create', 'id': 'f8a1f6b0-4a7c-4a64-9c4e-0c6f0octo001', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-gogs-signature": mac("sha256", key, body).hex()})

case("helpscout", "convo.created.json", "octo-corp-helpscout-signing-secret",
     content_type="application/json",
     headers={'x-helpscout-event': 'convo.created'},
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'convo', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'subject': '1017'},
     sign=lambda key, body, url: {"x-helpscout-signature": b64(mac("sha1", key, body))})

case("heroku", "api%3Arelease.json", "octo-corp-heroku-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'api:release', 'action': 'create', 'id': 'd1b5b3f0-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-shop', 'subject': 'c2b5b3f0-octo'},
     sign=lambda key, body, url: {"heroku-webhook-hmac-sha256": b64(mac("sha256", key, body))})

case("incident-io", "public_incident.incident_created_v2.json", "whsec_b2N0by1jb3JwLWluY2lkZW50LWlvLWtleS1vZi0zMi0=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'public_incident.incident_created_v2', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("incident-io", "public_incident.incident_created_v2.json", "whsec_b2N0by1jb3JwLWluY2lkZW50LWlvLWtleS1vZi0zMi0=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'public_incident.incident_created_v2', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("increase", "account.created.json", "whsec_b2N0by1jb3JwLWluY3JlYXNlLWtleS1vZi0zMi1ieXQ=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'account', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'subject': 'account_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("increase", "account.created.json", "whsec_b2N0by1jb3JwLWluY3JlYXNlLWtleS1vZi0zMi1ieXQ=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'account', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'subject': 'account_octo_1', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))

case("jira", "jira%3Aissue_updated.json", "octo-corp-jira-signing-secret",
     content_type="application/json",
     headers={'x-atlassian-webhook-identifier': '7f0fb8b5-octo'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'jira:issue_updated', 'id': '7f0fb8b5-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OCTO', 'subject': 'OCTO-17'},
     sign=lambda key, body, url: {"x-hub-signature": "sha256=" + mac("sha256", key, body).hex()})

case("klaviyo", "event%3Aklaviyo.subscribed_to_email.json", "octo-corp-klaviyo-signing-secret",
     content_type="application/json",
     headers={'klaviyo-webhook-id': '01OCTOHOOK'},
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'tenant': '01OCTOHOOK'},
     items=[{'type': 'event:klaviyo.subscribed_to_email', 'tenant': '01OCTOHOOK', 'subject': '4vRpBT'}],
     sign=lambda key, body, url: {"klaviyo-signature": mac("sha256", key, body + b"1700000000").hex(), "klaviyo-timestamp": "1700000000"})
