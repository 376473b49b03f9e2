package main

import (
	"bytes"
	"fmt"
	"html"
)

// The measures of the drawing, in pixels.
const (
	rowHeight  = 26
	labelWidth = 220
	barsWidth  = 520
)

// drawing is an SVG with a bar a row: CPU time of the process, and behind it that of NATS.
func (r *report) drawing() []byte {
	longest := 1.0
	for _, name := range r.names {
		own, _ := r.median(name, units[0].unit)
		nats, _ := r.median(name, units[1].unit)
		longest = max(longest, own+nats)
	}
	var b bytes.Buffer
	height := (len(r.names) + 2) * rowHeight
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">`+"\n", labelWidth+barsWidth+80, height)
	b.WriteString("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n")
	fmt.Fprintf(&b, `<text x="10" y="18">CPU time of a delivery in µs: <tspan fill="#1f6feb">process</tspan>, <tspan fill="#b07d00">NATS</tspan></text>`+"\n")
	for i, name := range r.names {
		own, _ := r.median(name, units[0].unit)
		nats, _ := r.median(name, units[1].unit)
		y := (i + 1) * rowHeight
		first, second := own/longest*barsWidth, nats/longest*barsWidth
		fmt.Fprintf(&b, `<text x="10" y="%d">%s</text>`, y+18, html.EscapeString(name))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%.1f" height="18" fill="#1f6feb"/>`, labelWidth, y+5, first)
		fmt.Fprintf(&b, `<rect x="%.1f" y="%d" width="%.1f" height="18" fill="#d4a72c"/>`, labelWidth+first, y+5, second)
		fmt.Fprintf(&b, `<text x="%.1f" y="%d">%.0f + %.0f</text>`+"\n", labelWidth+first+second+6, y+18, own, nats)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}
