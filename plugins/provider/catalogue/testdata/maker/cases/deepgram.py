from make import b64, case

case("deepgram", "transcription.json", "octo:correct-horse-battery",
     content_type="application/json",
     headers={'dg-token': '3e1c8d2a-octo'},
     proof={'scheme': 'basic', 'secret': '1'},
     facts={'type': 'transcription', 'id': '4f2c1f4e-8a5e-4f0d-9b43-octo00000001', 'time': '2025-06-12T10:00:00Z', 'subject': '95dc40091b6a8456a1554ddfc4f163768217afd66bee70a10c74bb52805cd0d9'},
     sign=lambda key, body, url: {"authorization": "Basic " + b64(key)})
