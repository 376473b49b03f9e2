from make import case, mac

case("cloudflare-stream", "ready.json", "octo-corp-cloudflare-stream-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sig1', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'ready', 'time': '2025-06-12T10:00:00Z', 'subject': '6b9e68b07dfee8cc2d116e4c51d6a957'},
     sign=lambda key, body, url: {"webhook-signature": "time=1700000000,sig1=" + mac("sha256", key, b"1700000000." + body).hex()})
