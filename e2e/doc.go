// Package e2e holds black-box tests: real plugin processes behind the local
// stand-in of Kong, deliveries over HTTP, events read back from NATS.
//
// It imports no stage, and it signs with code of its own, so that a fault of
// the verifiers cannot hide behind the same fault of their signers. What the senders'
// own SDKs decide is asked of Node (sdk/host.js).
package e2e
