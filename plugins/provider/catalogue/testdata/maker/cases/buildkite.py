from make import case, mac

case("buildkite", "build.finished.json", "octo-corp-buildkite-signing-secret",
     content_type="application/json",
     headers={'x-buildkite-event': 'build.finished', 'x-buildkite-request': '18b0ac5f-6a29-4c6b-9c3e-octo00000001'},
     proof={'scheme': 'signature', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'build', 'action': 'finished', 'id': '18b0ac5f-6a29-4c6b-9c3e-octo00000001', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-pipeline', 'subject': 'f62a1b4d-10f9-4790-bc1c-e2c3a0c80983'},
     sign=lambda key, body, url: {"x-buildkite-signature": "timestamp=1700000000,signature=" + mac("sha256", key, b"1700000000." + body).hex()})

case("buildkite", "build.finished.json", "octo-corp-buildkite-shared-token",
     name="token_chosen",
     scheme="token",
     content_type="application/json",
     headers={'x-buildkite-event': 'build.finished', 'x-buildkite-request': '18b0ac5f-6a29-4c6b-9c3e-octo00000001'},
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'build', 'action': 'finished', 'id': '18b0ac5f-6a29-4c6b-9c3e-octo00000001', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-pipeline', 'subject': 'f62a1b4d-10f9-4790-bc1c-e2c3a0c80983'},
     sign=lambda key, body, url: {"x-buildkite-token": key.decode()})
