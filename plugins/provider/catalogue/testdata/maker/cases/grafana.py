from make import b64, case, mac

case("grafana", "firing.json", "octo-corp-grafana-signing-secret",
     content_type="application/json",
     proof={'scheme': 'time', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'alerts', 'action': 'firing', 'time': '2025-06-12T10:00:00Z', 'tenant': '1', 'subject': '{}:{alertname="TooFewGloves"}'},
     sign=lambda key, body, url: {"x-grafana-alerting-signature": mac("sha256", key, b"1700000000:" + body).hex(), "x-grafana-alerting-timestamp": "1700000000"})

case("grafana", "firing.json", "octo-corp-grafana-shared-token",
     name="bearer_chosen",
     scheme="bearer",
     content_type="application/json",
     proof={'scheme': 'bearer', 'secret': '1'},
     facts={'type': 'alerts', 'action': 'firing', 'time': '2025-06-12T10:00:00Z', 'tenant': '1', 'subject': '{}:{alertname="TooFewGloves"}'},
     sign=lambda key, body, url: {"authorization": "Bearer " + key.decode()})

case("grafana", "firing.json", "octo:correct-horse-battery",
     name="basic_chosen",
     scheme="basic",
     content_type="application/json",
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'alerts', 'action': 'firing', 'time': '2025-06-12T10:00:00Z', 'tenant': '1', 'subject': '{}:{alertname="TooFewGloves"}'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})

case("grafana", "firing.json", "octo-corp-grafana-signing-secret",
     name="body_alone",
     scheme="body",
     content_type="application/json",
     proof={'scheme': 'body', 'secret': '1'},
     facts={'type': 'alerts', 'action': 'firing', 'time': '2025-06-12T10:00:00Z', 'tenant': '1', 'subject': '{}:{alertname="TooFewGloves"}'},
     sign=lambda key, body, url: {"x-grafana-alerting-signature": mac("sha256", key, body).hex()})
