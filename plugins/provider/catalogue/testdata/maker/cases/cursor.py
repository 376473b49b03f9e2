from make import case, mac

case("cursor", "statusChange.json", "octo-corp-cursor-signing-secret",
     content_type="application/json",
     headers={'x-webhook-event': 'statusChange', 'x-webhook-id': 'msg_octo_1'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'statusChange', 'action': 'FINISHED', 'id': 'msg_octo_1', 'time': '2025-06-12T10:00:00Z', 'subject': 'bc_octo_1'},
     sign=lambda key, body, url: {"x-webhook-signature": "sha256=" + mac("sha256", key, body).hex()})
