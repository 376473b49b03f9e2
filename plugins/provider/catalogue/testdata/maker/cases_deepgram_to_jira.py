import json

from make import RSA_KID, b64, case, ec_sign, ed_sign, jwt_hs, jwt_rs, key_file, mac, sha, std

case("deepgram", "transcription.json", "octo:correct-horse-battery",
     content_type="application/json",
     headers={'dg-token': '3e1c8d2a-octo'},
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'transcription', 'id': '4f2c1f4e-8a5e-4f0d-9b43-octo00000001', 'time': '2025-06-12T10:00:00Z', 'subject': '95dc40091b6a8456a1554ddfc4f163768217afd66bee70a10c74bb52805cd0d9'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})

case("discord", "APPLICATION_AUTHORIZED.json", key_file("ed25519.hex"),
     content_type="application/json",
     proof={'scheme': 'ed25519', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'APPLICATION_AUTHORIZED', 'time': '2025-06-12T10:00:00Z', 'tenant': '1234560123453231555', 'subject': '1122334455667788'},
     sign=lambda key, body, url: {"x-signature-timestamp": "1700000000", "x-signature-ed25519": ed_sign(b"1700000000" + body).hex()})

case("discourse", "topic_created.json", "octo-corp-discourse-signing-secret",
     content_type="application/json",
     headers={'x-discourse-event': 'topic_created', 'x-discourse-event-type': 'topic', 'x-discourse-event-id': '1751', 'x-discourse-instance': 'https://forum.octo-corp.example'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'topic', 'action': 'topic_created', 'id': '1751', 'tenant': 'https://forum.octo-corp.example', 'subject': '42'},
     sign=lambda key, body, url: {"x-discourse-event-signature": "sha256=" + mac("sha256", key, body).hex()})

case("docker-hub", "push.json", "octo-corp-docker-hub-secret",
     url="https://hooks.octo-corp.example/docker-hub?secret=octo-corp-docker-hub-secret",
     content_type="application/json",
     proof={'scheme': 'query', 'secret': '1'},
     facts={'type': 'push', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo', 'subject': 'octo/gloves'},
     sign=lambda key, body, url: {})

case("docusign", "envelope-completed.json", "octo-corp-docusign-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'envelope-completed', 'id': 'env-octo-17:envelope-completed:2025-06-12T10%3A00%3A00.0000000Z', 'time': '2025-06-12T10:00:00Z', 'tenant': 'acc-octo', 'subject': 'env-octo-17'},
     sign=lambda key, body, url: {"x-docusign-signature-1": b64(mac("sha256", key, body)), "x-authorization-digest": "HMACSHA256"})

case("dropbox", "list_folder.json", "octo-corp-dropbox-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'list_folder', 'tenant': 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc', 'subject': '12345678'},
     sign=lambda key, body, url: {"x-dropbox-signature": mac("sha256", key, body).hex()})

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

case("ebay", "MARKETPLACE_ACCOUNT_DELETION.json", key_file("ec.pem"),
     content_type="application/json",
     proof={'scheme': 'ecdsa', 'secret': '1'},
     facts={'type': 'MARKETPLACE_ACCOUNT_DELETION', 'id': '49feeaeb-octo', 'time': '2025-06-12T10:00:00Z', 'subject': 'ma8vp1jySJC'},
     sign=lambda key, body, url: {"x-ebay-signature": b64(json.dumps({"alg": "ecdsa", "kid": "9936261a-octo", "signature": b64(ec_sign("sha1", body)), "digest": "SHA1"}, separators=(",", ":")).encode())})

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

case("flutterwave", "charge.completed.json", "octo-corp-flutterwave-shared-token",
     name="verif-hash_chosen",
     scheme="verif-hash",
     content_type="application/json",
     proof={'scheme': 'verif-hash', 'secret': '1'},
     facts={'type': 'charge', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'subject': 'chg_octo_1'},
     sign=lambda key, body, url: {"verif-hash": key.decode()})

case("front", "inbound_received.json", "octo-corp-front-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'inbound_received', 'id': 'evt_octo_1', 'tenant': 'cmp_octo', 'subject': 'cnv_17'},
     sign=lambda key, body, url: {"x-front-signature": b64(mac("sha256", key, b"1700000000000:" + body)), "x-front-request-timestamp": "1700000000000"})

case("fusionauth", "user.create.complete.json", "octo-corp-fusionauth-signing-secret",
     content_type="application/json",
     proof={'scheme': 'hs', 'secret': '1'},
     facts={'type': 'user.create', 'action': 'complete', 'id': 'e502168a-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'e872a880-octo', 'subject': '6d2a1b3c-octo'},
     sign=lambda key, body, url: {"x-fusionauth-signature-jwt": jwt_hs(key, {"request_body_sha256": b64(sha("sha256", body))})})

case("ghost", "post.published.json", "octo-corp-ghost-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256-time', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'post', 'time': '2025-06-12T10:00:00Z', 'subject': '665f1c0b8f3c2a0001octo17'},
     sign=lambda key, body, url: {"x-ghost-signature": "sha256=" + mac("sha256", key, body + b"1700000000000").hex() + ", t=1700000000000"})

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

case("gitee", "push_hooks.json", "octo-corp-gitee-signing-secret",
     content_type="application/json",
     headers={'x-gitee-event': 'Push Hook'},
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'push_hooks', 'time': '2023-11-14T22:13:20Z', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-gitee-timestamp": "1700000000000", "x-gitee-token": b64(mac("sha256", key, b"1700000000000\n" + key))})

case("gitee", "push_hooks.json", "octo-corp-gitee-shared-token",
     name="password_chosen",
     scheme="password",
     content_type="application/json",
     headers={'x-gitee-event': 'Push Hook'},
     proof={'scheme': 'password', 'secret': '1'},
     facts={'type': 'push_hooks', 'time': '2023-11-14T22:13:20Z', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-gitee-token": key.decode()})

case("gitlab", "push.json", "whsec_b2N0by1jb3JwLWdpdGxhYi1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     headers={'x-gitlab-event': 'Push Hook', 'x-gitlab-instance': 'https://gitlab.octo-corp.example'},
     proof={'scheme': 'signing-token', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'push', 'id': 'msg_octo_1', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: std(key, body))

case("gitlab", "push.json", "octo-corp-gitlab-shared-token",
     name="token_chosen",
     scheme="token",
     content_type="application/json",
     headers={'x-gitlab-event': 'Push Hook', 'x-gitlab-instance': 'https://gitlab.octo-corp.example'},
     proof={'scheme': 'token', 'secret': '1', 'id': 'msg_octo_1'},
     facts={'type': 'push', 'id': 'msg_octo_1', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-gitlab-token": key.decode()})

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

case("google-drive-calendar", "update.none", "octo-corp-google-drive-calendar-signing-secret",
     headers={'x-goog-resource-state': 'update', 'x-goog-channel-id': 'octo-channel-1', 'x-goog-message-number': '17', 'x-goog-resource-id': 'ret08u3rv24htgh289g'},
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'update', 'id': 'octo-channel-1:17', 'tenant': 'octo-channel-1', 'subject': 'ret08u3rv24htgh289g'},
     sign=lambda key, body, url: {"x-goog-channel-token": key.decode()})

case("google-pubsub-push", "message.json", "",
     settings={'audience': 'https://hooks.octo-corp.example/google-pubsub-push', 'service_account': 'octo@octo-corp.iam.gserviceaccount.com'},
     jwks={"https://www.googleapis.com/oauth2/v3/certs": key_file("rsa.jwks")},
     content_type="application/json",
     proof={'scheme': 'oidc', 'secret': '1'},
     facts={'type': 'message', 'id': '2070443601311540', 'time': '2025-06-12T10:00:00Z', 'tenant': 'projects/octo-corp/subscriptions/shop', 'subject': 'order-1001'},
     sign=lambda key, body, url: {"authorization": "Bearer " + jwt_rs(RSA_KID, {"aud": "https://hooks.octo-corp.example/google-pubsub-push", "azp": "113774264463038321964", "email": "octo@octo-corp.iam.gserviceaccount.com", "email_verified": True, "exp": 1700003600, "iat": 1700000000, "iss": "https://accounts.google.com", "sub": "113774264463038321964"})})

case("grafana", "firing.json", "octo-corp-grafana-signing-secret",
     content_type="application/json",
     proof={'scheme': 'time', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'alerts', 'action': 'firing', 'time': '2025-06-12T10:00:00Z', 'tenant': '1', 'subject': '{}:{alertname="TooFewGloves"}'},
     sign=lambda key, body, url: {"x-grafana-alerting-signature": mac("sha256", key, b"1700000000:" + body).hex(), "x-grafana-alerting-timestamp": "1700000000"})

case("grafana", "firing.json", "octo-corp-grafana-shared-token",
     name="bearer_chosen",
     scheme="bearer",
     content_type="application/json",
     proof={'scheme': 'bearer', 'secret': '1'},
     facts={'type': 'alerts', 'action': 'firing', 'time': '2025-06-12T10:00:00Z', 'tenant': '1', 'subject': '{}:{alertname="TooFewGloves"}'},
     sign=lambda key, body, url: {"authorization": "Bearer " + key.decode()})

case("grafana", "firing.json", "octo:correct-horse-battery",
     name="basic_chosen",
     scheme="basic",
     content_type="application/json",
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'alerts', 'action': 'firing', 'time': '2025-06-12T10:00:00Z', 'tenant': '1', 'subject': '{}:{alertname="TooFewGloves"}'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})

case("grafana", "firing.json", "octo-corp-grafana-signing-secret",
     name="body_alone",
     scheme="body",
     content_type="application/json",
     proof={'scheme': 'body', 'secret': '1'},
     facts={'type': 'alerts', 'action': 'firing', 'time': '2025-06-12T10:00:00Z', 'tenant': '1', 'subject': '{}:{alertname="TooFewGloves"}'},
     sign=lambda key, body, url: {"x-grafana-alerting-signature": mac("sha256", key, body).hex()})

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

case("hubspot", "contact.creation.json", "octo-corp-hubspot-signing-secret",
     url="https://hooks.octo-corp.example/hubspot",
     content_type="application/json",
     proof={'scheme': 'v3', 'secret': '1', 'timestamp': 1700000000},
     facts={},
     items=[{'type': 'contact', 'action': 'creation', 'id': '1001:100:1749722400000', 'time': '2025-06-12T10:00:00Z', 'tenant': '62515', 'subject': '123'}],
     sign=lambda key, body, url: {"x-hubspot-signature-v3": b64(mac("sha256", key, b"POST" + url + body + b"1700000000000")), "x-hubspot-request-timestamp": "1700000000000"})

case("huggingface", "repo.content.json", "octo-corp-huggingface-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'repo.content', 'action': 'update', 'tenant': '628b753283ef59b5be89e937', 'subject': 'octo-corp/gloves'},
     sign=lambda key, body, url: {"x-webhook-secret": key.decode()})

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

case("intercom", "conversation.user.created.json", "octo-corp-intercom-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'conversation.user', 'action': 'created', 'id': 'notif_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octoapp1', 'subject': '1017'},
     sign=lambda key, body, url: {"x-hub-signature": "sha1=" + mac("sha1", key, body).hex()})

case("jira", "jira%3Aissue_updated.json", "octo-corp-jira-signing-secret",
     content_type="application/json",
     headers={'x-atlassian-webhook-identifier': '7f0fb8b5-octo'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'jira:issue_updated', 'id': '7f0fb8b5-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OCTO', 'subject': 'OCTO-17'},
     sign=lambda key, body, url: {"x-hub-signature": "sha256=" + mac("sha256", key, body).hex()})
