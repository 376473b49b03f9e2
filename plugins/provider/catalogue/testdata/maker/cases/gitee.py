from make import b64, case, mac

case("gitee", "push_hooks.json", "octo-corp-gitee-signing-secret",
     content_type="application/json",
     headers={'x-gitee-event': 'Push Hook'},
     proof={'scheme': 'sha256', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'push_hooks', 'time': '2023-11-14T22:13:20Z', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-gitee-timestamp": "1700000000000", "x-gitee-token": b64(mac("sha256", key, b"1700000000000\n" + key))})

case("gitee", "push_hooks.json", "octo-corp-gitee-shared-token",
     name="password_chosen",
     scheme="password",
     content_type="application/json",
     headers={'x-gitee-event': 'Push Hook'},
     proof={'scheme': 'password', 'secret': '1'},
     facts={'type': 'push_hooks', 'time': '2023-11-14T22:13:20Z', 'tenant': 'octo-corp', 'subject': 'octo-corp/hello-world'},
     sign=lambda key, body, url: {"x-gitee-token": key.decode()})
