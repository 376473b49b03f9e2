// Package sign signs deliveries as their providers do, for tests and tools.
package sign
