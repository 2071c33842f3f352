package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"
)

// result is one announcement, measured.
type result struct {
	trip            time.Duration
	sender, contact string
	people          int
	rate            float64       // messages per second
	cpu             time.Duration // of the client, for each message
	peak            int64         // the most memory of the client so far, in bytes
	first, last     time.Duration // from the beginning to the first phone, and to the last
}

// footprint is what a sender leaves behind.
type footprint struct {
	trip          time.Duration
	sender        string
	people        int
	session, list int64         // bytes for all of them, in the one database and the other
	idle, idled   time.Duration // CPU time of a client with nothing to do, in which time
}

// results are those of a run.
type results struct {
	flags string // of the run, as they were typed
	rows  []result
	kept  []footprint
}

// rival is the row of the plain loop that a row is compared with: that of the same contact,
// or its later one, since the plain loop is not started again.
func (r *results) rival(row result) (rival result, ok bool) {
	contact := row.contact
	if contact == restarted {
		contact = later
	}
	for _, other := range r.rows {
		if other.sender == plainSender && other.trip == row.trip && other.contact == contact {
			return other, true
		}
	}
	return result{}, false
}

// markdown is the whole outcome in words and tables.
func (r *results) markdown(at time.Time) string {
	var b strings.Builder
	b.WriteString("# What the benchmark measured\n\n")
	fmt.Fprintf(&b, "    go run ./bot/demo/bench %s\n\n", r.flags)
	fmt.Fprintf(&b, "On %s: %d cores of %s/%s, %s, shared by the client, the server and all the phones. Ratios (×) to the plain\n"+
		"loop of the same run and round trip count, absolute times do not: another machine has others.\n",
		at.Format("2 January 2006"), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	for i, row := range r.rows {
		if i == 0 || row.trip != r.rows[i-1].trip {
			fmt.Fprintf(&b, "\n## Round trip %s\n\n%s", inMs(row.trip), r.speeds(row.trip))
		}
	}
	fmt.Fprintf(&b, "\n## What is kept of each subscriber\n\n%s\n%s", r.footprints(), legend)
	return b.String()
}

const legend = `- **plain** is a loop of the library's SendMessage, and nothing else; **ordinary** and **urgent** are this program's
  announcements with sending.every and sending.urgent_every at 0s. By default they are slower on purpose.
- **people**: the slow are measured with fewer, which changes their pace little; CPU and memory are the client's alone.
- **later** is a second announcement to the same people; **after a restart** a third, dropped as soon as a new process has
  logged in, compared with the plain loop's later one.
- **to the first** and **to the last** are from the drop of the file, or the beginning of the loop, to the first phone and to
  the last; messages/s are counted between the two.
`

// speeds is the table of one round trip.
func (r *results) speeds(trip time.Duration) string {
	t := [][]string{{"", "people", "messages/s", "×", "CPU ms", "×", "peak MB", "to the first s", "to the last s"}}
	for _, row := range r.rows {
		if row.trip != trip {
			continue
		}
		rate, cpu := "–", "–"
		if rival, ok := r.rival(row); ok {
			rate, cpu = figure(row.rate/rival.rate), figure(float64(row.cpu)/float64(rival.cpu))
		}
		t = append(t, []string{row.sender + ", " + row.contact, fmt.Sprint(row.people), figure(row.rate), rate,
			figure(row.cpu.Seconds() * 1000), cpu, fmt.Sprint(row.peak >> 20), figure(row.first.Seconds()), figure(row.last.Seconds())})
	}
	return aligned(t)
}

// footprints is the table of the bytes, and of idle clients where that was asked for.
func (r *results) footprints() string {
	t := [][]string{{"", "round trip", "people", "session.db bytes each", "store.db bytes each", "idle CPU s"}}
	for _, f := range r.kept {
		list, idle := "–", "–"
		if f.sender != plainSender {
			list = fmt.Sprint(f.list / int64(f.people))
		}
		if f.idled > 0 {
			idle = fmt.Sprintf("%.3f in %v", f.idle.Seconds(), f.idled)
		}
		t = append(t, []string{f.sender, inMs(f.trip), fmt.Sprint(f.people), fmt.Sprint(f.session / int64(f.people)), list, idle})
	}
	return aligned(t)
}

// picture refers to the SVG from the Markdown beside it.
func (r *results) picture(o options) string {
	path, err := filepath.Rel(filepath.Dir(o.out), o.svg)
	if err != nil {
		path = o.svg
	}
	return fmt.Sprintf("\n![messages per second, as bars](%s)\n", filepath.ToSlash(path))
}

// inMs is a round trip time in words.
func inMs(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }

// figure is a number with as many digits as are worth reading.
func figure(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// aligned writes a Markdown table whose columns are aligned in the source too: the first one
// holds words, the others figures.
func aligned(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell), 2)
		}
	}
	var b strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			blank := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				b.WriteString("| " + cell + blank)
			} else {
				b.WriteString(" | " + blank + cell)
			}
		}
		b.WriteString(" |\n")
		for i := 0; n == 0 && i < len(row); i++ {
			if i == 0 {
				b.WriteString("| " + strings.Repeat("-", widths[0]))
			} else {
				b.WriteString(" | " + strings.Repeat("-", widths[i]-1) + ":")
			}
		}
		if n == 0 {
			b.WriteString(" |\n")
		}
	}
	return b.String()
}
