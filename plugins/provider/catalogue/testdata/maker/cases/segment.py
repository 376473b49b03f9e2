from make import case, mac

case("segment", "track.json", "octo-corp-segment-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'track', 'action': 'Order Completed', 'id': 'ajs-octo-1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'prj-octo', 'subject': 'ana'},
     sign=lambda key, body, url: {"x-signature": mac("sha1", key, body).hex()})
