from make import case, mac

case("terraform-cloud", "run_completed.json", "octo-corp-terraform-cloud-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha512', 'secret': '1'},
     facts={'type': 'run', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp', 'subject': 'run-octo17'},
     items=[{'type': 'run', 'action': 'completed', 'time': '2025-06-12T10:00:00Z', 'tenant': 'octo-corp', 'subject': 'run-octo17'}],
     sign=lambda key, body, url: {"x-tfe-notification-signature": mac("sha512", key, body).hex()})
