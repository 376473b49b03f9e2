from make import case

case("mailchimp", "subscribe.form", "octo-corp-mailchimp-secret",
     url="https://hooks.octo-corp.example/mailchimp?secret=octo-corp-mailchimp-secret",
     content_type="application/x-www-form-urlencoded",
     proof={'scheme': 'query', 'secret': '1'},
     facts={'type': 'subscribe', 'time': '2025-06-12T10:00:00Z', 'tenant': 'a6b5da1054', 'subject': '8a25ff1d98'},
     sign=lambda key, body, url: {})
