from make import case, mac

case("whatsapp", "messages.json", "octo-corp-whatsapp-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={},
     items=[{'type': 'messages', 'action': 'text', 'id': 'wamid.HBgLOCTO17', 'time': '2025-06-12T10:00:00Z', 'tenant': '102290129340398', 'subject': '106540352242922'}],
     sign=lambda key, body, url: {"x-hub-signature-256": "sha256=" + mac("sha256", key, body).hex()})
