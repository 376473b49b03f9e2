// Package handshake answers the requests by which a provider checks an endpoint.
package handshake
