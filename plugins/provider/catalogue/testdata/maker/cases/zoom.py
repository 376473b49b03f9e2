from make import case, mac

case("zoom", "meeting.started.json", "octo-corp-zoom-signing-secret",
     content_type="application/json",
     headers={'x-zm-trackingid': 'v=2.0;octo17'},
     proof={'scheme': 'v0', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'meeting', 'action': 'started', 'id': 'v=2.0;octo17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'AAAAAAOCTO', 'subject': '4444AAAiAAAAAiAiAiiAii=='},
     sign=lambda key, body, url: {"x-zm-signature": "v0=" + mac("sha256", key, b"v0:1700000000:" + body).hex(), "x-zm-request-timestamp": "1700000000"})
