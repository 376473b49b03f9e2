from make import case, mac

case("coinbase-commerce", "charge%3Aconfirmed.json", "octo-corp-coinbase-commerce-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'charge', 'action': 'confirmed', 'id': '24934862-d980-46cb-9402-43c81b0cdba6', 'time': '2025-06-12T10:00:00Z', 'subject': '66BEOV2A'},
     sign=lambda key, body, url: {"x-cc-webhook-signature": mac("sha256", key, body).hex()})
