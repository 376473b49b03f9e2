from make import case, mac

case("mux", "video.asset.ready.json", "octo-corp-mux-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'video.asset', 'action': 'ready', 'id': '3a56ac3d-octo', 'time': '2025-06-12T10:00:00Z', 'tenant': 'j0863n', 'subject': '0201p02fGKPE7MrbC269XRD7LpcHhrmbu0002'},
     sign=lambda key, body, url: {"mux-signature": "t=1700000000,v1=" + mac("sha256", key, b"1700000000." + body).hex()})
