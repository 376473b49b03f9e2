from make import case, mac, unb64

case("airtable", "ping.json", "b2N0by1jb3JwLWFpcnRhYmxlLW1hYy1zZWNyZXQh",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'ping', 'time': '2025-06-12T10:00:00Z', 'tenant': 'appOcto0001', 'subject': 'achOcto0001'},
     sign=lambda key, body, url: {"x-airtable-content-mac": "hmac-sha256=" + mac("sha256", unb64(key), body).hex()})
