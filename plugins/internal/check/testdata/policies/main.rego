package webhook.main

decision := {"allow": true} if input.evnt.type == "x"
