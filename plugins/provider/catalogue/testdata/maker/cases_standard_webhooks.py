import base64

from make import b64, case, mac, std

# Senders by Standard Webhooks and Svix, one vector each, and the other names of the same
# headers where a row has them.

PROOF = {'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000}


def key_of(name):
    """A secret of 24 bytes as Svix shows it."""
    return "whsec_" + b64(("octo-" + name + "-signing-secret-of-it").encode()[:24])


def standard(provider, sample, facts, families=("webhook",), secret="", decode=True):
    for i, family in enumerate(families):
        case(provider, sample, secret or key_of(provider), name=family + "_headers" if i else "",
             content_type="application/json", proof=PROOF, facts=facts,
             sign=lambda key, body, url, family=family: std(key, body, family, decode=decode))


SVIX, WEBHOOK = ("svix", "webhook"), ("webhook", "svix")

standard("liveblocks", "storageUpdated.json", families=WEBHOOK,
         facts={'type': 'storageUpdated', 'id': 'msg_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-project', 'subject': 'gloves'})
standard("dodo-payments", "payment.succeeded.json",
         facts={'type': 'payment', 'action': 'succeeded', 'id': 'msg_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'bus_octo', 'subject': 'pay_octo_17'})
standard("whop", "membership.activated.json", secret="ws_octo17octo17octo17octo17octo17", decode=False,
         facts={'type': 'membership', 'action': 'activated', 'id': 'msg_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'biz_octo', 'subject': 'mem_octo_17'})
standard("composio", "composio.trigger.message.json", secret="octo-composio-webhook-secret", decode=False,
         facts={'type': 'composio.trigger', 'action': 'message', 'id': 'msg_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-user', 'subject': 'ti_octo_17'})
standard("granola", "note.generated.json",
         facts={'type': 'note', 'action': 'generated', 'id': 'msg_octo_1', 'subject': 'not_octo_17'})
standard("autumn", "customer.products.updated.json", families=SVIX,
         facts={'type': 'customer.products', 'action': 'updated', 'id': 'msg_octo_1', 'subject': 'octo-user'})
standard("privy", "user.created.json", families=SVIX,
         facts={'type': 'user', 'action': 'created', 'id': 'msg_octo_1', 'subject': 'did:privy:octo17'})
standard("seam", "access_code.created.json", families=SVIX,
         facts={'type': 'access_code', 'action': 'created', 'id': 'msg_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ws-octo', 'subject': 'ac-octo-17'})
standard("imagekit", "video.transformation.ready.json", secret="whsec_octoImageKitSecret17", decode=False,
         facts={'type': 'video.transformation', 'action': 'ready', 'id': 'msg_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'https://ik.octo-corp.example/gloves.mp4'})
standard("lovable", "project.created.v1.json",
         facts={'type': 'project.created.v1', 'id': 'msg_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ws-octo', 'subject': 'prj-octo-17'})
case("finch", "account.updated.json", b64(b"octo-finch-signing-secret"), content_type="application/json", proof=PROOF,
     facts={'type': 'account', 'action': 'updated', 'id': 'msg_octo_1', 'tenant': 'con-octo-17'},
     sign=lambda key, body, url: {
         "finch-event-id": "msg_octo_1", "finch-timestamp": "1700000000",
         "finch-signature": "v1," + b64(mac("sha256", base64.b64decode(key), b"msg_octo_1.1700000000." + body))})

SUPABASE_FACTS = {'type': 'before-user-created', 'id': 'msg_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'ff7fc9ae-3b1b-4642-9241-64adb9848a03'}
SUPABASE_KEY = "v1," + key_of("supabase")


def supabase(key, body, others):
    """The headers of an auth hook, with a signature by another secret before and behind."""
    headers = std(key.removeprefix(b"v1,"), body)
    wrong = "v1," + b64(mac("sha256", b"the other secret", body))
    headers["webhook-signature"] = ", ".join([wrong] * others + [headers["webhook-signature"]] + [wrong] * others)
    return headers


for name, others in (("", 0), ("three_secrets", 1)):
    case("supabase", "before-user-created.json", SUPABASE_KEY, name=name, content_type="application/json", proof=PROOF, facts=SUPABASE_FACTS,
         sign=lambda key, body, url, others=others: supabase(key, body, others))

case("lovable", "project.created.v1.json", "octo-lovable-webhook-secret", name="lovable_headers", scheme="sha256", content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'project.created.v1', 'id': 'evt_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'ws-octo', 'subject': 'prj-octo-17'},
     sign=lambda key, body, url: {"x-lovable-timestamp": "1700000000", "x-lovable-signature": "sha256=" + mac("sha256", key, b"1700000000." + body).hex()})
