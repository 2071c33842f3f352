package page

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// The chart is drawn in a box of these units, which the page stretches.
const (
	chartWidth, chartHeight = 1000, 300
	chartPoints             = 200 // of the line, at most
	chartMonths             = 12  // in the table beside it
)

// chart is the number of subscribers over time, as a line and in words.
type chart struct {
	Line, Area  string
	Ticks       []tick
	First, Last Day
	Middle      time.Time
	Most        Day
	Months      []month // the latest first
}

// tick is a number on the upright axis; Top is in per cent from above.
type tick struct {
	Count int
	Top   float64
}

type month struct {
	Name                              string
	Subscribers, Joined, Unsubscribed int
}

// newChart draws the days, oldest first; nil when there is no line to draw.
func newChart(days []Day) *chart {
	if len(days) < 2 || !days[len(days)-1].At.After(days[0].At) {
		return nil
	}
	c := &chart{First: days[0], Last: days[len(days)-1], Months: months(days)}
	c.Middle = c.First.At.Add(c.Last.At.Sub(c.First.At) / 2)
	c.Most = slices.MaxFunc(days, func(a, b Day) int { return a.Subscribers - b.Subscribers })
	step := niceStep(c.Most.Subscribers)
	top := max(1, (c.Most.Subscribers+step-1)/step) * step
	for n := 0; n <= top; n += step {
		c.Ticks = append(c.Ticks, tick{n, 100 * float64(top-n) / float64(top)})
	}
	var line strings.Builder
	for _, d := range thin(days) {
		x := chartWidth * float64(d.At.Sub(c.First.At)) / float64(c.Last.At.Sub(c.First.At))
		y := chartHeight * float64(top-d.Subscribers) / float64(top)
		fmt.Fprintf(&line, "%.0f,%.1f ", x, y)
	}
	c.Line = strings.TrimSpace(line.String())
	c.Area = fmt.Sprintf("0,%d %s %d,%d", chartHeight, c.Line, chartWidth, chartHeight)
	return c
}

// thin keeps few enough days for a line that looks the same, the first and the last
// among them.
func thin(days []Day) []Day {
	if len(days) <= chartPoints {
		return days
	}
	few := make([]Day, chartPoints)
	for i := range few {
		few[i] = days[i*(len(days)-1)/(chartPoints-1)]
	}
	return few
}

// niceStep is a round number of which three to five reach the top.
func niceStep(top int) int {
	least := float64(top) / 4
	if least <= 1 {
		return 1
	}
	ten := math.Pow(10, math.Floor(math.Log10(least)))
	for _, n := range []float64{1, 2, 2.5, 5} {
		if step := n * ten; step >= least && step == math.Trunc(step) {
			return int(step)
		}
	}
	return int(10 * ten)
}

func months(days []Day) []month {
	names := [...]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}
	var list []month
	for _, d := range slices.Backward(days) {
		name := fmt.Sprintf("%s %d", names[d.At.Month()-1], d.At.Year())
		if len(list) == 0 || list[len(list)-1].Name != name {
			if len(list) == chartMonths {
				break
			}
			list = append(list, month{Name: name, Subscribers: d.Subscribers})
		}
		m := &list[len(list)-1]
		m.Joined += d.Joined
		m.Unsubscribed += d.Unsubscribed
	}
	return list
}
