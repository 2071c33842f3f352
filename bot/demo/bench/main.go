// Bench measures how fast a town is told something, on this machine: nothing leaves it and
// nothing needs to be installed.
//
//	go run ./bot/demo/bench                                 # some ten minutes
//	go run ./bot/demo/bench --quick                         # a minute or two
//	go run ./bot/demo/bench --subscribers 5000 --round-trips 50
//	go run ./bot/demo/bench --senders urgent --subscribers 40000 --round-trips 0
//	go run ./bot/demo/bench --out RESULTS.md --svg results.svg
//
// In one run, against the same server of whatsapptest, it compares three senders: a plain
// loop of the library's SendMessage, this program's ordinary announcements without a pace,
// and its urgent ones without a pace. Each has a number, a link, a data directory and people
// of its own, and each tells them something at first contact (nothing is known of anybody but
// their number and LID: devices and keys have to be asked for), once more later, and after a
// restart.
//
// Server and client are processes of their own, made from this program: so the client's CPU
// time and memory are the client's alone. Still they share the cores, and the server, which
// also plays all the phones, needs most of them: compare a row with the plain loop beside it,
// not with another machine's.
//
// What is counted is what the phones have shown, by the server's clock: messages per second
// are those from the first phone to the last; "to the first" and "to the last" are the times
// from the drop of the file, or the beginning of the loop, until then. CPU time is counted
// until every receipt has been taken and for a second after that, for what was put off. What
// the program waits for on purpose is set to nothing: pace, hours, grace, holdback, and the
// history of a new link.
//
// The run ends with the exit code 1 if a phone missed something, saw anything twice, or the
// server recorded an offence against its protocol.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	if code, is := asWorker(os.Args[1:]); is {
		os.Exit(code)
	}
	o, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err = bench(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are what one run measures.
type options struct {
	people     map[string]int // that each sender tells something
	senders    []string
	roundTrips []time.Duration
	idle       time.Duration // of a client that has nothing to do; 0: not measured
	putOff     time.Duration // for what a client has put off, after each announcement
	out, svg   string        // files to write; empty: none
	profiles   string        // a directory; empty: none
	verbose    bool
	flags      string // as they were typed
}

func parse(args []string) (options, error) {
	o := options{putOff: time.Second, flags: strings.Join(args, " ")}
	f := flag.NewFlagSet("bench", flag.ExitOnError)
	urgent := f.Int("subscribers", 1000, "how many people get the urgent announcements")
	ordinary := f.Int("ordinary", 200, "how many at most get the ordinary ones, which leave one after another")
	plain := f.Int("plain", 100, "how many at most the plain loop writes to")
	trips := f.String("round-trips", "0,20,50,100", "round trip times in milliseconds")
	senders := f.String("senders", strings.Join(allSenders(), ","), "who is measured")
	quick := f.Bool("quick", false, "200 subscribers, 40 for the plain loop and ordinary announcements, at 0 and 50 ms")
	f.DurationVar(&o.idle, "idle", 0, "also measure the CPU time of a client that has nothing to do for so long, such as 60s")
	f.StringVar(&o.out, "out", "", "write the tables into this Markdown file too")
	f.StringVar(&o.svg, "svg", "", "draw the messages per second into this SVG file")
	f.StringVar(&o.profiles, "cpuprofile", "", "write a CPU profile of the client for each announcement into this directory")
	f.BoolVar(&o.verbose, "v", false, "show the daemon's log")
	_ = f.Parse(args) // it exits
	if *quick {
		*urgent, *ordinary, *plain, *trips = 200, 40, 40, "0,50"
	}
	if *urgent < 2 || *ordinary < 2 || *plain < 2 || f.NArg() > 0 {
		return o, fmt.Errorf("a rate needs two people at least, and there are no arguments beside the flags")
	}
	o.people = map[string]int{urgentSender: *urgent, ordinarySender: min(*urgent, *ordinary), plainSender: min(*urgent, *plain)}
	for ms := range strings.SplitSeq(*trips, ",") {
		d, err := time.ParseDuration(ms + "ms")
		if err != nil || d < 0 {
			return o, fmt.Errorf("--round-trips are milliseconds, such as 0,50: not %q", ms)
		}
		o.roundTrips = append(o.roundTrips, d)
	}
	for name := range strings.SplitSeq(*senders, ",") {
		if o.people[name] == 0 {
			return o, fmt.Errorf("--senders are of %s: not %q", strings.Join(allSenders(), ","), name)
		}
		o.senders = append(o.senders, name)
	}
	return o, nil
}

// bench measures, tells and judges.
func bench(ctx context.Context, o options) error {
	r := results{flags: o.flags}
	for _, trip := range o.roundTrips {
		if err := r.measureAt(ctx, o, trip); err != nil {
			return fmt.Errorf("at a round trip of %v: %w", trip, err)
		}
	}
	text := r.markdown(time.Now())
	fmt.Printf("\n%s", text)
	if o.out != "" {
		if o.svg != "" {
			text += r.picture(o)
		}
		if err := os.WriteFile(o.out, []byte(text), 0o644); err != nil {
			return err
		}
	}
	if o.svg != "" {
		return os.WriteFile(o.svg, []byte(r.svg()), 0o644)
	}
	return nil
}
