from make import b64, case, fields, key_file, mac, quote, rsa_sign, sha, std, unb64, unhex

case("adyen", "AUTHORISATION.json", "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056",
     content_type="application/json",
     fill=lambda key, body: {"@SIG@": b64(mac("sha256", unhex(key), b"QFQTPCQ8HXSKGK82::OctoCorp:order-1001:4200:EUR:AUTHORISATION:true"))},
     proof={'scheme': 'item', 'secret': '1'},
     facts={},
     items=[{'type': 'AUTHORISATION', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OctoCorp', 'subject': 'QFQTPCQ8HXSKGK82'}],
     sign=lambda key, body, url: {})

case("airtable", "ping.json", "b2N0by1jb3JwLWFpcnRhYmxlLW1hYy1zZWNyZXQh",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'ping', 'time': '2025-06-12T10:00:00Z', 'tenant': 'appOcto0001', 'subject': 'achOcto0001'},
     sign=lambda key, body, url: {"x-airtable-content-mac": "hmac-sha256=" + mac("sha256", unb64(key), body).hex()})

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

case("asana", "task.changed.json", "octo-corp-asana-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'task', 'action': 'changed', 'time': '2025-06-12T10:00:00Z', 'subject': '9001'}],
     sign=lambda key, body, url: {"x-hook-signature": mac("sha256", key, body).hex()})

case("attio", "record.created.json", "octo-corp-attio-signing-secret",
     content_type="application/json",
     headers={'idempotency-key': 'idem_octo_1'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'id': 'idem_octo_1'},
     items=[{'type': 'record', 'action': 'created', 'tenant': 'ws_octo', 'subject': 'rec_17'}],
     sign=lambda key, body, url: {"attio-signature": mac("sha256", key, body).hex()})

case("auth0", "s.json", "octo-corp-auth0-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={},
     items=[{'type': 's', 'id': '90020250612100000octo1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp', 'subject': 'octoClient01'}],
     sign=lambda key, body, url: {"authorization": key.decode()})

case("authorize-net", "net.authorize.payment.authcapture.created.json", "4F63746F2D436F72702D417574686F72697A652E4E65742D5369676E61747572652D4B6579",
     content_type="application/json",
     proof={'scheme': 'sha512', 'secret': '1'},
     facts={'type': 'net.authorize.payment.authcapture', 'action': 'created', 'id': 'd0e8e7fe-c3e7-4add-a480-27bc5ce28a18', 'time': '2025-06-12T10:00:00Z', 'subject': '2154067719'},
     sign=lambda key, body, url: {"x-anet-signature": "sha512=" + mac("sha512", unhex(key), body).hex().upper()})

case("aws-sns", "Notification.json", "",
     at=1749722400,
     certificates={"https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-octo.pem": key_file("rsa.crt")},
     headers={'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification'},
     fill=lambda key, body: {"@SIG@": b64(rsa_sign("sha256", b"Message\n{\"order\":1001}\nMessageId\n22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324\nSubject\nGloves\nTimestamp\n2025-06-12T10:00:00.000Z\nTopicArn\narn:aws:sns:eu-central-1:123456789012:octo\nType\nNotification\n"))},
     proof={'scheme': 'v2', 'secret': '1', 'timestamp': 1749722400},
     facts={'type': 'Notification', 'id': '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324', 'time': '2025-06-12T10:00:00Z', 'tenant': 'arn:aws:sns:eu-central-1:123456789012:octo', 'subject': 'Gloves'},
     sign=lambda key, body, url: {})

case("azure-devops", "git.push.json", "octo:correct-horse-battery",
     content_type="application/json",
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'git', 'action': 'push', 'id': '03c164c2-8912-4d5e-8009-3707d5f83734', 'time': '2025-06-12T10:00:00Z', 'tenant': 'f844ec47', 'subject': 'hello-world'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})

case("azure-event-grid", "Microsoft.Storage.BlobCreated.json", "octo-corp-event-grid-secret",
     url="https://hooks.octo-corp.example/azure-event-grid?secret=octo-corp-event-grid-secret",
     content_type="application/json",
     headers={'aeg-event-type': 'Notification', 'aeg-subscription-name': 'OCTO'},
     proof={'scheme': 'query', 'secret': '1'},
     facts={'id': '831e1650-001e-001b-66ab-eeb76e069631', 'tenant': 'OCTO'},
     items=[{'type': 'Microsoft.Storage', 'action': 'BlobCreated', 'id': '831e1650-001e-001b-66ab-eeb76e069631', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OCTO', 'subject': '/blobServices/default/containers/gloves/blobs/eight.png'}],
     sign=lambda key, body, url: {})

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

case("box", "FILE.UPLOADED.json", "octo-corp-box-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'FILE', 'action': 'UPLOADED', 'id': 'eb0c4e06-751f-442c-86f8-fd5bb404dbec', 'time': '2025-06-12T10:00:00Z', 'tenant': '226067247', 'subject': '73835521473'},
     sign=lambda key, body, url: {"box-signature-primary": b64(mac("sha256", key, body + b"2023-11-14T14:13:20-08:00")), "box-delivery-timestamp": "2023-11-14T14:13:20-08:00", "box-signature-version": "1", "box-signature-algorithm": "HmacSHA256"})

case("braintree", "notification.form", "octo-corp-braintree-private-key-1",
     settings={'public_key': 'octopublickey17'},
     content_type="application/x-www-form-urlencoded",
     body=lambda key, body: b"bt_signature=" + quote("octopublickey17|" + mac("sha1", sha("sha1", key), dict(fields(body))[b"bt_payload"]).hex()).encode() + b"&" + body,
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'notification'},
     sign=lambda key, body, url: {})

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

case("buildkite", "build.finished.json", "octo-corp-buildkite-shared-token",
     name="token_chosen",
     scheme="token",
     content_type="application/json",
     headers={'x-buildkite-event': 'build.finished', 'x-buildkite-request': '18b0ac5f-6a29-4c6b-9c3e-octo00000001'},
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'build', 'action': 'finished', 'id': '18b0ac5f-6a29-4c6b-9c3e-octo00000001', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-pipeline', 'subject': 'f62a1b4d-10f9-4790-bc1c-e2c3a0c80983'},
     sign=lambda key, body, url: {"x-buildkite-token": key.decode()})

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

case("chargebee", "subscription_created.json", "octo:correct-horse-battery",
     content_type="application/json",
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'subscription_created', 'id': 'ev_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'cus_octo'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})

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

case("close", "lead.updated.json", "6f63746f2d636f72702d636c6f73652d7369676e61747572652d6b65792d303031",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'lead', 'action': 'updated', 'id': 'ev_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'orga_octo', 'subject': 'lead_17'},
     sign=lambda key, body, url: {"close-sig-hash": mac("sha256", unhex(key), b"1700000000" + body).hex(), "close-sig-timestamp": "1700000000"})

case("cloudevents", "example.octo.order.created.json", "octo-corp-cloudevents-signing-secret",
     content_type="application/cloudevents+json",
     proof={'scheme': 'bearer', 'secret': '1'},
     facts={'type': 'example.octo.order', 'action': 'created', 'id': 'ce-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': '/octo-corp/shop', 'subject': 'orders/1001'},
     sign=lambda key, body, url: {"authorization": "Bearer " + key.decode()})

case("cloudevents", "example.octo.order.created.json", "octo-corp-cloudevents-shared-token",
     name="query_chosen",
     scheme="query",
     content_type="application/cloudevents+json",
     proof={'scheme': 'query', 'secret': '1'},
     facts={'type': 'example.octo.order', 'action': 'created', 'id': 'ce-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': '/octo-corp/shop', 'subject': 'orders/1001'},
     sign=lambda key, body, url: {"url": "https://hooks.octo-corp.example/cloudevents?access_token=" + key.decode()})

case("cloudflare-notifications", "universal_ssl_event_type.json", "octo-corp-cloudflare-notifications-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'universal_ssl_event_type', 'time': '2025-06-12T10:00:00Z', 'tenant': 'acc_octo', 'subject': 'pol_octo_1'},
     sign=lambda key, body, url: {"cf-webhook-auth": key.decode()})

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

case("contentful", "ContentManagement.Entry.publish.json", "octo-corp-contentful-secret-of-64-characters-0123456789abcdef0123",
     url="https://hooks.octo-corp.example/contentful",
     content_type="application/vnd.contentful.management.v1+json",
     headers={'x-contentful-topic': 'ContentManagement.Entry.publish'},
     proof={'scheme': 'canonical', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'ContentManagement.Entry', 'action': 'publish', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octospace', 'subject': 'entry17'},
     sign=lambda key, body, url: {"x-contentful-timestamp": "1700000000000", "x-contentful-signed-headers": "x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic", "x-contentful-signature": mac("sha256", key, b"POST\n/contentful\nx-contentful-signed-headers:x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic;x-contentful-timestamp:1700000000000;x-contentful-topic:ContentManagement.Entry.publish\n" + body).hex()})

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

case("datadog", "metric_alert_monitor.json", "octo-corp-datadog-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'metric_alert_monitor', 'action': 'Triggered', 'id': '7654321', 'time': '2025-06-12T10:00:00Z', 'tenant': '11023', 'subject': '1234'},
     sign=lambda key, body, url: {"authorization": key.decode()})
