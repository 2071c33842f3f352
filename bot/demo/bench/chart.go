package main

import (
	"fmt"
	"strings"
	"time"
)

// The measures of the chart, in pixels.
const (
	chartWidth = 760
	barsFrom   = 190 // where the bars begin; to the left of it stand their names
	barsWidth  = 420 // of the longest one; to the right of it stands its figure
	barHeight  = 18
	barStep    = 24
	headStep   = 42 // for the heading of a round trip
	margin     = 16
)

// svg draws the messages per second: a group of bars for each round trip, to a scale of its
// own.
func (r *results) svg() string {
	var b strings.Builder
	y := margin
	var trip time.Duration = -1
	for _, row := range r.rows {
		if row.trip != trip {
			trip = row.trip
			y += headStep
			fmt.Fprintf(&b, `<text x="%d" y="%d" class="head">Round trip %s: messages per second</text>`+"\n", margin, y-12, inMs(trip))
		}
		r.bar(&b, row, y)
		y += barStep
	}
	return fmt.Sprintf(frame, chartWidth, y+margin, chartWidth, y+margin, b.String())
}

// frame is what the bars stand in: the size twice, and the bars.
const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
<title>Messages per second of a plain loop, of ordinary and of urgent announcements</title>
<style>.head{font-weight:bold;font-size:15px}.plain{fill:#8a8f98}.ordinary{fill:#2f6db3}.urgent{fill:#c2410c}text{fill:#1f2328}.ground{fill:#fff}</style>
<rect class="ground" width="100%%" height="100%%"/>
%s</svg>
`

// bar draws one row, with its name before and its figures behind.
func (r *results) bar(b *strings.Builder, row result, y int) {
	most := row.rate
	for _, other := range r.rows {
		if other.trip == row.trip {
			most = max(most, other.rate)
		}
	}
	long := max(1, int(barsWidth*row.rate/most))
	label := figure(row.rate)
	if rival, ok := r.rival(row); ok && row.sender != plainSender {
		label += " (×" + figure(row.rate/rival.rate) + ")"
	}
	middle := y + barHeight - 5
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s, %s</text>`, barsFrom-8, middle, row.sender, row.contact)
	fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, row.sender, barsFrom, y, long, barHeight)
	fmt.Fprintf(b, `<text x="%d" y="%d">%s</text>`+"\n", barsFrom+long+6, middle, label)
}
