"""Senders whose signature is a MAC of a time and the body, and those that sign with a private key."""
from make import b64, case, ec_sign, key_file, mac, rsa_sign


def timed_mac(provider, sample, facts, lay, text="{t}.", unit=1, encode=bytes.hex, scheme="sha256", **more):
    """lay makes the headers of the time and the signature; text is what is signed before the body."""
    t = str(1700000000 * unit)
    before, _, after = text.partition("{body}")
    case(provider, sample, f"octo-corp-{provider}-signing-secret", content_type="application/json",
         proof={'scheme': scheme, 'secret': '1', 'timestamp': 1700000000}, facts=facts,
         sign=lambda key, body, url: lay(t, encode(mac("sha256", key, before.replace("{t}", t).encode() + body + after.encode()))), **more)


def pairs(header, mark="v1"):
    return lambda t, signature: {header: f"t={t},{mark}={signature}"}


def apart(time, header, mark=""):
    return lambda t, signature: {time: t, header: mark + signature}


timed_mac("tailscale", "nodeCreated.json", scheme="v1", lay=pairs("tailscale-webhook-signature"), facts={},
          items=[{'type': 'nodeCreated', 'time': '2025-06-12T10:00:00.123456Z', 'tenant': 'octo-corp.example', 'subject': 'nOCTO17CNTRL'},
                 {'type': 'userCreated', 'time': '2025-06-12T10:00:01.5Z', 'tenant': 'octo-corp.example', 'subject': 'ben@octo-corp.example'}])
timed_mac("persona", "inquiry.completed.json", scheme="v1", lay=pairs("persona-signature"),
          facts={'type': 'inquiry', 'action': 'completed', 'id': 'evt_octo17', 'time': '2025-06-12T10:00:00Z', 'subject': 'inq_octo17'})
timed_mac("persona", "inquiry.completed.json", scheme="v1", name="rotation",
          lay=lambda t, signature: {"persona-signature": f"t={t},v1={signature} t={t},v1={'0' * 64}"},
          facts={'type': 'inquiry', 'action': 'completed', 'id': 'evt_octo17', 'time': '2025-06-12T10:00:00Z', 'subject': 'inq_octo17'})
timed_mac("revolut", "ORDER_COMPLETED.json", scheme="v1", text="v1.{t}.", unit=1000, lay=apart("revolut-request-timestamp", "revolut-signature", "v1="),
          facts={'type': 'ORDER_COMPLETED', 'subject': '9fc01989-3f61-4484-a5d9-ffe7octo0017'})
timed_mac("revolut", "TransactionStateChanged.json", scheme="v1", text="v1.{t}.", unit=1000,
          lay=lambda t, signature: {"revolut-request-timestamp": t, "revolut-signature": f"v1={'0' * 64},v1={signature}"},
          facts={'type': 'TransactionStateChanged', 'id': '645a7696-octo-aa47-9ca8-cbae0449cc46:TransactionStateChanged:2025-06-12T10%3A00%3A00.028960Z', 'time': '2025-06-12T10:00:00.02896Z', 'subject': '645a7696-octo-aa47-9ca8-cbae0449cc46'})
timed_mac("coinbase-cdp", "onchain.activity.detected.json", scheme="v0", headers={'x-event-id': '7f1c7a2e-octo-4c0e-9a51-000000000017', 'x-event-type': 'onchain.activity.detected'},
          lay=lambda t, signature: {"x-hook0-signature": f"t={t},v0={signature},h=content-type x-event-id x-event-type,v1={'0' * 64}"},
          facts={'type': 'onchain.activity', 'action': 'detected', 'id': '7f1c7a2e-octo-4c0e-9a51-000000000017', 'time': '2025-06-12T10:00:00Z', 'tenant': '5c1e9f0a-octo-4b6e-8f77-000000000001', 'subject': '0x0c7017'})
timed_mac("langfuse", "prompt-version.json", scheme="v1", lay=pairs("x-langfuse-signature"),
          facts={'type': 'prompt-version', 'action': 'created', 'id': '550e8400-e29b-41d4-a716-4466octo0017', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-project', 'subject': 'glove-expert'})
timed_mac("crisp", "message%3Asend.json", text="[{t};{body}]", unit=1000, lay=apart("x-crisp-request-timestamp", "x-crisp-signature"),
          facts={'type': 'message', 'action': 'send', 'time': '2025-06-12T10:00:00Z', 'tenant': '0ee2octo-5f16-4b0a-93c1-000000000001', 'subject': 'session_octo17'})
timed_mac("airwallex", "payment_intent.succeeded.json", text="{t}", unit=1000, lay=apart("x-timestamp", "x-signature"),
          facts={'type': 'payment_intent', 'action': 'succeeded', 'id': 'evt_octo17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'acct_octo1', 'subject': 'int_octo17'})
timed_mac("recharge", "charge__paid.json", scheme="v1", lay=pairs("x-recharge-webhook-signature"), headers={'x-recharge-topic': 'charge/paid'},
          facts={'type': 'charge', 'action': 'paid', 'time': '2025-06-12T10:00:00Z', 'subject': '1017'})
timed_mac("courier", "message%3Aupdated.json", scheme="signature", unit=1000, lay=pairs("courier-signature", "signature"),
          facts={'type': 'message', 'action': 'updated', 'time': '2025-06-12T09:59:50Z', 'subject': '1-octo-17'})
timed_mac("oura", "daily_sleep.json", text="{t}", encode=lambda raw: raw.hex().upper(), lay=apart("x-oura-timestamp", "x-oura-signature"),
          settings={'verification_token': 'octo-corp-oura-verification-token'},
          facts={'type': 'daily_sleep', 'action': 'create', 'id': '6c9eocto-0000-4000-8000-000000000017:create:2025-06-12T10%3A00%3A00.000000+00%3A00', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-user-1', 'subject': '6c9eocto-0000-4000-8000-000000000017'})
timed_mac("akeneo", "product.updated.json", lay=apart("x-akeneo-request-timestamp", "x-akeneo-request-signature"), facts={},
          items=[{'type': 'product', 'action': 'updated', 'id': '6ad821d8-octo-4632-89d2-000000000017', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://pim.octo-corp.example', 'subject': 'glove_17'}])
timed_mac("port", "run.json", scheme="v1", encode=b64, lay=apart("x-port-timestamp", "x-port-signature", "v1,"),
          facts={'type': 'run', 'action': 'order_gloves', 'time': '2025-06-12T10:00:00Z', 'tenant': 'org_octo', 'subject': 'r_octo17'})
timed_mac("tiktok", "video.publish.completed.json", scheme="s", lay=pairs("tiktok-signature", "s"),
          facts={'type': 'video.publish', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo17clientkey', 'subject': 'act.octo17'})

case("adobe-io-events", "aem.sites.contentFragment.modified.json", "",
     content_type="application/json",
     headers={'x-adobe-public-key1-path': '/prod/keys/pub-key-octo.pem'},
     settings={'client_id': 'octo17clientid'},
     jwks={"https://static.adobeioevents.com/prod/keys/pub-key-octo.pem": key_file("rsa.pem")},
     proof={'scheme': 'rsa', 'secret': 'remote'},
     facts={'type': 'aem.sites.contentFragment', 'action': 'modified', 'id': 'b555octo-935b-4541-b410-000000000017', 'time': '2025-06-12T10:00:00Z', 'tenant': 'acct:octo-corp@adobe.com', 'subject': '/content/dam/octo/gloves'},
     sign=lambda key, body, url: {"x-adobe-digital-signature-1": b64(rsa_sign("sha256", body))})

case("fireblocks", "transaction.created.json", key_file("rsa.pem"),
     scheme="rsa", content_type="application/json",
     settings={'workspace_id': '9ee1bff0-octo-4ae5-8e44-17c5b1f4a001'},
     proof={'scheme': 'rsa', 'secret': '1'},
     facts={'type': 'transaction', 'action': 'created', 'id': '70a4octo-b1a3-42b6-9b9b-000000000017', 'time': '2025-06-12T10:00:00Z', 'tenant': '9ee1bff0-octo-4ae5-8e44-17c5b1f4a001', 'subject': '0b0aocto-cf33-4a16-8b32-000000000001'},
     sign=lambda key, body, url: {"fireblocks-signature": b64(rsa_sign("sha512", body))})

case("circle", "challenges.initialize.json", key_file("ec.spki"),
     content_type="application/json",
     settings={'subscription_id': '00000000-0000-4000-8000-000000000017'},
     headers={'x-circle-key-id': '879dc113-octo-4ff7-a6b7-000000000001'},
     proof={'scheme': 'ecdsa', 'secret': '1'},
     facts={'type': 'challenges', 'action': 'initialize', 'id': '4c1eocto-4a6c-4a5e-bb9a-000000000017', 'time': '2025-06-12T10:00:00.123456789Z', 'tenant': '00000000-0000-4000-8000-000000000017', 'subject': '9a1docto-6f2a-4f0e-8f6f-000000000001'},
     sign=lambda key, body, url: {"x-circle-signature": b64(ec_sign("sha256", body))})
