from make import b64, case, mac, unhex

case("adyen", "AUTHORISATION.json", "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056",
     content_type="application/json",
     fill=lambda key, body: {"@SIG@": b64(mac("sha256", unhex(key), b"QFQTPCQ8HXSKGK82::OctoCorp:order-1001:4200:EUR:AUTHORISATION:true"))},
     proof={'scheme': 'item', 'secret': '1'},
     facts={},
     items=[{'type': 'AUTHORISATION', 'id': 'QFQTPCQ8HXSKGK82:AUTHORISATION:true', 'time': '2025-06-12T10:00:00Z', 'tenant': 'OctoCorp', 'subject': 'QFQTPCQ8HXSKGK82'}],
     sign=lambda key, body, url: {})
