from make import case

case("azure-event-grid", "Microsoft.Storage.BlobCreated.json", "octo-corp-event-grid-secret",
     url="https://hooks.octo-corp.example/azure-event-grid?secret=octo-corp-event-grid-secret",
     content_type="application/json",
     headers={'aeg-event-type': 'Notification', 'aeg-subscription-name': 'OCTO'},
     proof={'scheme': 'query', 'secret': '1'},
     facts={'tenant': 'OCTO'},
     items=[{'type': 'Microsoft.Storage', 'action': 'BlobCreated', 'id': '831e1650-001e-001b-66ab-eeb76e069631', 'time': '2025-06-12T10:00:00Z', 'tenant': '/subscriptions/octo/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/octo', 'subject': '/blobServices/default/containers/gloves/blobs/eight.png'}],
     sign=lambda key, body, url: {})
