from make import b64, case, jwt_hs, sha

case("livekit", "room_started.json", "octo-corp-livekit-signing-secret",
     settings={'api_key': 'APIoctoCorp17'},
     content_type="application/webhook+json",
     proof={'scheme': 'jwt', 'secret': '1'},
     facts={'type': 'room_started', 'id': 'EV_octo17', 'time': '2025-06-12T10:00:00Z', 'tenant': 'gloves', 'subject': 'RM_octo17'},
     sign=lambda key, body, url: {"authorization": jwt_hs(key, {"iss": "APIoctoCorp17", "nbf": 1700000000, "exp": 1700000300, "sha256": b64(sha("sha256", body))})})
