from make import case, mac

case("elevenlabs", "post_call_transcription.json", "octo-corp-elevenlabs-signing-secret",
     content_type="application/json",
     proof={'scheme': 'v0', 'secret': '1', 'timestamp': 1700000000},
     facts={'type': 'post_call_transcription', 'time': '2025-06-12T10:00:00Z', 'tenant': 'agent_octo', 'subject': 'conv_octo_17'},
     sign=lambda key, body, url: {"elevenlabs-signature": "t=1700000000,v0=" + mac("sha256", key, b"1700000000." + body).hex()})
