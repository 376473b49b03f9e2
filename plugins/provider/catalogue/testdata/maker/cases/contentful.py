from make import case, mac

case("contentful", "ContentManagement.Entry.publish.json", "octo-corp-contentful-secret-of-64-characters-0123456789abcdef0123",
     url="https://hooks.octo-corp.example/contentful",
     content_type="application/vnd.contentful.management.v1+json",
     headers={'x-contentful-topic': 'ContentManagement.Entry.publish'},
     proof={'scheme': 'canonical', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'ContentManagement.Entry', 'action': 'publish', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octospace', 'subject': 'entry17'},
     sign=lambda key, body, url: {"x-contentful-timestamp": "1700000000000", "x-contentful-signed-headers": "x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic", "x-contentful-signature": mac("sha256", key, b"POST\n/contentful\nx-contentful-signed-headers:x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic;x-contentful-timestamp:1700000000000;x-contentful-topic:ContentManagement.Entry.publish\n" + body).hex()})
