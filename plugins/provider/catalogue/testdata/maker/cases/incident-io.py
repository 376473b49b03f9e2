from make import case, std

case("incident-io", "public_incident.incident_created_v2.json", "whsec_b2N0by1jb3JwLWluY2lkZW50LWlvLWtleS1vZi0zMi0=",
     content_type="application/json",
     proof={'scheme': 'v1', 'secret': '1', 'id': 'msg_octo_1', 'timestamp': 1700000000},
     facts={'type': 'public_incident.incident_created_v2', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body))

case("incident-io", "public_incident.incident_created_v2.json", "whsec_b2N0by1jb3JwLWluY2lkZW50LWlvLWtleS1vZi0zMi0=",
     name="svix_headers",
     content_type="application/json",
     proof={"scheme": "v1", "secret": "1", "id": "msg_octo_1", "timestamp": 1700000000},
     facts={'type': 'public_incident.incident_created_v2', 'id': 'msg_octo_1'},
     sign=lambda key, body, url: std(key, body, "svix"))
