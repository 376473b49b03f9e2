from make import case

case("datadog", "metric_alert_monitor.json", "octo-corp-datadog-signing-secret",
     content_type="application/json",
     proof={'scheme': 'token', 'secret': '1'},
     facts={'type': 'metric_alert_monitor', 'action': 'Triggered', 'id': '7654321', 'time': '2025-06-12T10:00:00Z', 'tenant': '11023', 'subject': '1234'},
     sign=lambda key, body, url: {"authorization": key.decode()})
