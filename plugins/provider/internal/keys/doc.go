// Package keys reads secrets and public keys, and signs and compares with them. Only
// functions hold what is secret, because fmt prints whatever a field leads to.
package keys
