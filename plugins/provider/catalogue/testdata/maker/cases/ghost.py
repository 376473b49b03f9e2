from make import case, mac

case("ghost", "post.published.json", "octo-corp-ghost-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256-time', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'post', 'time': '2025-06-12T10:00:00Z', 'subject': '665f1c0b8f3c2a0001octo17'},
     sign=lambda key, body, url: {"x-ghost-signature": "sha256=" + mac("sha256", key, body + b"1700000000000").hex() + ", t=1700000000000"})
