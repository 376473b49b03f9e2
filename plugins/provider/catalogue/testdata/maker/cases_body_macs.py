"""Senders whose signature is a MAC of the body alone."""
from make import b64, case, mac


def body_mac(provider, sample, facts, header, name="sha256", mark="", encode=bytes.hex, scheme="", content=lambda body: body, **more):
    scheme = scheme or name
    case(provider, sample, f"octo-corp-{provider}-signing-secret", content_type="application/json",
         proof={'scheme': scheme, 'secret': '1'} | more.pop("proved", {}), facts=facts,
         sign=lambda key, body, url: {header: mark + encode(mac(name, key, content(body)))}, **more)


body_mac("sonarqube", "analysis.json", header="x-sonar-webhook-hmac-sha256", headers={'x-sonarqube-project': 'octo-corp:gloves'},
         facts={'type': 'analysis', 'action': 'SUCCESS', 'id': 'AVh21JS2JepAEhwQ-b3u', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://sonar.octo-corp.example', 'subject': 'octo-corp:gloves'})
body_mac("webex", "messages.json", header="x-spark-signature", name="sha1",
         facts={'type': 'messages', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OTZhYmOCTO', 'subject': 'Y2lzY29MESSAGE17'})
body_mac("planetscale", "branch.ready.json", header="x-planetscale-signature",
         facts={'type': 'branch', 'action': 'ready', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp', 'subject': 'octobranch17'})
body_mac("doppler", "config.secrets.update.json", header="x-doppler-signature", mark="sha256=",
         facts={'type': 'config.secrets', 'action': 'update', 'tenant': 'octoworkplace', 'subject': 'octoproject17'})
body_mac("nylas", "message.created.json", header="x-nylas-signature",
         facts={'type': 'message', 'action': 'created', 'id': 'octoMti5nylas17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-grant-1', 'subject': '18df98octo17'})
body_mac("launchdarkly", "flag.json", header="x-ld-signature",
         facts={'type': 'flag', 'action': 'updateOn', 'id': '57c0octo17', 'time': '2025-06-12T10:00:00Z', 'tenant': '569fdeocto', 'subject': 'proj/gloves:env/production:flag/warm-gloves'})
body_mac("mongodb-atlas", "OUTSIDE_METRIC_THRESHOLD.json", header="x-mms-signature", name="sha1", encode=b64, headers={'x-mms-event': 'alert.open'},
         facts={'type': 'OUTSIDE_METRIC_THRESHOLD', 'action': 'OPEN', 'time': '2025-06-12T10:00:00Z', 'tenant': '535683b3794d371327bocto1', 'subject': '533dc40ae4b00835ff81octo'})
body_mac("linkedin", "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS.json", header="x-li-signature", content=lambda body: b"hmacsha256=" + body,
         facts={'type': 'ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS'},
         items=[{'type': 'ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS', 'action': 'COMMENT', 'id': '1017', 'time': '2025-06-12T10:00:00Z', 'tenant': 'urn:li:organization:17', 'subject': 'urn:li:share:6740octo'}])
body_mac("linkedin", "LEAD_ACTION.json", header="x-li-signature", content=lambda body: b"hmacsha256=" + body,
         facts={'type': 'LEAD_ACTION', 'action': 'CREATED', 'id': 'urn%3Ali%3AleadGenFormResponse%3Aocto-17:CREATED', 'time': '2025-06-12T10:00:00Z', 'tenant': 'urn:li:sponsoredAccount:517', 'subject': 'urn:li:versionedLeadGenForm:(urn:li:leadGenForm:17,1)'})
body_mac("infisical", "secrets.modified.json", header="x-infisical-signature", mark="t=1700000000000;", proved={'timestamp': 1700000000},
         facts={'type': 'secrets', 'action': 'modified', 'time': '2023-11-14T22:13:20Z', 'tenant': 'octo-workspace-17', 'subject': 'prod'})
body_mac("plain", "thread.thread_created.json", header="plain-request-signature", proved={'timestamp': 1700000000},
         facts={'type': 'thread', 'action': 'thread_created', 'id': 'pEv_01octo17', 'time': '2025-06-12T10:00:00.142Z', 'tenant': 'w_01octo', 'subject': 'th_01octo17'})
body_mac("firecrawl", "crawl.page.json", header="x-firecrawl-signature", mark="sha256=",
         facts={'type': 'crawl', 'action': 'page', 'id': '019octo1-aaaa-bbbb-cccc-000000000017', 'subject': '019octo1-aaaa-bbbb-cccc-00000000job1'})
body_mac("smartcar", "VEHICLE_STATE.json", header="sc-signature",
         facts={'type': 'VEHICLE_STATE', 'id': 'e1octo17-2b30-4f9d-9d10-000000000017', 'time': '2025-06-12T10:00:00Z', 'tenant': 'user_octo1', 'subject': 'vehicle_octo17'})
body_mac("btcpay-server", "InvoiceSettled.json", header="btcpay-sig", mark="sha256=",
         facts={'type': 'InvoiceSettled', 'id': 'GkbgYxocto0000000017', 'time': '2025-06-12T10:00:00Z', 'tenant': '9M6SToctoStore', 'subject': 'Dx2uBHoctoInvoice17'})
body_mac("salesforce-marketing-cloud", "TransactionalSendEvents.EmailSent.json", header="x-sfmc-ens-signature", encode=b64,
         facts={}, items=[{'type': 'TransactionalSendEvents', 'action': 'EmailSent', 'time': '2025-06-12T10:00:00Z', 'tenant': '1017', 'subject': 'octo.17.1.0.1'}])
body_mac("tiktok-shop", "1.json", header="authorization", settings={'app_key': 'octo17appkey'}, content=lambda body: b"octo17appkey" + body,
         facts={'type': '1', 'id': '7327112393057370017', 'time': '2025-06-12T10:00:00Z', 'tenant': '7494049642642441017', 'subject': '576486316948490017'})
body_mac("veriff", "verification.json", header="x-hmac-signature", headers={'x-auth-client': 'octo-corp-api-key'},
         facts={'type': 'verification', 'action': 'approved', 'time': '2025-06-12T10:00:00Z', 'subject': '12df6octo-264f-4e7d-0000-000000000017'})
body_mac("veriff", "event.json", header="x-hmac-signature", headers={'x-auth-client': 'octo-corp-api-key'},
         facts={'type': 'event', 'action': 'submitted', 'subject': '12df6octo-264f-4e7d-0000-000000000017'})
body_mac("ashby", "applicationSubmit.json", header="ashby-signature", mark="sha256=",
         facts={'type': 'applicationSubmit', 'time': '2025-06-12T10:00:00Z', 'subject': '3a3eocto-0000-4000-8000-000000000017'})
body_mac("greenhouse", "candidate_hired.json", header="signature", mark="sha256 ", headers={'greenhouse-event-id': 'octo-event-17'},
         facts={'type': 'candidate_hired', 'id': 'octo-event-17', 'subject': '1017'})
body_mac("commerce-layer", "orders.place.json", header="x-commercelayer-signature", encode=b64, headers={'x-commercelayer-topic': 'orders.place'},
         facts={'type': 'orders', 'action': 'place', 'time': '2025-06-12T10:00:00Z', 'subject': 'octoOrder17'})
body_mac("logto", "PostSignIn.json", header="logto-signature-sha-256",
         facts={'type': 'PostSignIn', 'time': '2025-06-12T10:00:00.017Z', 'tenant': 'hook_octo17', 'subject': 'user_octo17'})
