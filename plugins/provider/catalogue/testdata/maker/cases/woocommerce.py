from make import b64, case, mac

case("woocommerce", "order.created.json", "octo-corp-woocommerce-signing-secret",
     content_type="application/json",
     headers={'x-wc-webhook-topic': 'order.created', 'x-wc-webhook-source': 'https://shop.octo-corp.example/', 'x-wc-webhook-delivery-id': 'c0ffee00octo'},
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'order', 'action': 'created', 'time': '2025-06-12T10:00:00Z', 'tenant': 'https://shop.octo-corp.example/', 'subject': '1017'},
     sign=lambda key, body, url: {"x-wc-webhook-signature": b64(mac("sha256", key, body))})
