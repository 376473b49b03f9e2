from make import case

case("cloudflare-notifications", "universal_ssl_event_type.json", "octo-corp-cloudflare-notifications-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'universal_ssl_event_type', 'time': '2025-06-12T10:00:00Z', 'tenant': 'acc_octo', 'subject': 'pol_octo_1'},
     sign=lambda key, body, url: {"cf-webhook-auth": key.decode()})
