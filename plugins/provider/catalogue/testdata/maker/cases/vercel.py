from make import case, mac

case("vercel", "deployment.succeeded.json", "octo-corp-vercel-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha1', 'secret': '1'},
     facts={'type': 'deployment', 'action': 'succeeded', 'id': 'uev_octo_1', 'time': '2025-06-12T10:00:00Z', 'tenant': 'team_octo', 'subject': 'prj_octo_17'},
     sign=lambda key, body, url: {"x-vercel-signature": mac("sha1", key, body).hex()})
