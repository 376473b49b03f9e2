from make import b64, case, key_file, rsa_sign

case("aws-sns", "Notification.json", "",
     at=1749722400,
     certificates={"https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-octo.pem": key_file("rsa.crt")},
     headers={'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification'},
     fill=lambda key, body: {"@SIG@": b64(rsa_sign("sha256", b"Message\n{\"order\":1001}\nMessageId\n22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324\nSubject\nGloves\nTimestamp\n2025-06-12T10:00:00.000Z\nTopicArn\narn:aws:sns:eu-central-1:123456789012:octo\nType\nNotification\n"))},
     proof={'scheme': 'v2', 'secret': '1', 'timestamp': 1749722400},
     facts={'type': 'Notification', 'id': '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324', 'time': '2025-06-12T10:00:00Z', 'tenant': 'arn:aws:sns:eu-central-1:123456789012:octo', 'subject': 'Gloves'},
     sign=lambda key, body, url: {})
