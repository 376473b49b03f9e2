from make import case

case("strava", "activity.json", "octo-corp-strava-secret",
     url="https://hooks.octo-corp.example/strava?secret=octo-corp-strava-secret",
     content_type="application/json",
     proof={'scheme': 'query', 'secret': '1'},
     facts={'type': 'activity', 'action': 'update', 'time': '2025-06-12T10:00:00Z', 'tenant': '134815', 'subject': '1360128428'},
     sign=lambda key, body, url: {})
