from make import case, std

case("gitlab", "push.json", "whsec_b2N0by1jb3JwLWdpdGxhYi1rZXktb2YtMzItYnl0ZXM=",
     content_type="application/json",
     headers={'x-gitlab-event': 'Push Hook', 'x-gitlab-instance': 'https://gitlab.octo-corp.example'},
     proof={'scheme': 'signing-token', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'push', 'id': 'msg_octo_1', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: std(key, body))

case("gitlab", "push.json", "octo-corp-gitlab-shared-token",
     name="token_chosen",
     scheme="token",
     content_type="application/json",
     headers={'x-gitlab-event': 'Push Hook', 'x-gitlab-instance': 'https://gitlab.octo-corp.example'},
     proof={'scheme': 'token', 'secret': '1', 'id': 'msg_octo_1'},
     facts={'type': 'push', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-gitlab-token": key.decode()})
