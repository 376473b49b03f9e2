// Package archive is the stored form of what the quarantine keeps: refused deliveries
// and events that are held back. It packs and seals records for the stream, lists, opens
// and removes them, and puts back what was removed before they were stored.
//
// Who may write into the stream is trusted with nothing: what counts is what a sealed
// record says of itself.
package archive
