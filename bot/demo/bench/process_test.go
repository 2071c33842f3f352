package main

import (
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/sys/unix"

	"banditore/bot/whatsapp/whatsapptest"
)

// raise starts a server of its own for a test.
func raise(t *testing.T) (server *process, addr string) {
	t.Helper()
	server, err := start("server")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.kill)
	if err := server.call(t.Context(), "Address", Nothing{}, &addr); err != nil {
		t.Fatal(err)
	}
	return server, addr
}

// An offence fails the run.
func TestOffencesFailTheRun(t *testing.T) {
	t.Parallel()
	server, addr := raise(t)
	if err := judge(t.Context(), server); err != nil {
		t.Fatal(err)
	}
	line, _, err := websocket.Dial(t.Context(), "wss://"+addr+"/ws/chat", &websocket.DialOptions{HTTPClient: whatsapptest.Dial(addr)})
	if err != nil {
		t.Fatal(err)
	}
	if err := line.Write(t.Context(), websocket.MessageBinary, []byte("not a stanza")); err != nil {
		t.Fatal(err)
	}
	_, _, _ = line.Read(t.Context()) // until the server has hung up
	if err := judge(t.Context(), server); err == nil || !strings.Contains(err.Error(), string(whatsapptest.BadFrame)) {
		t.Errorf("got %v, want the offence", err)
	}
}

// What is counted of a worker is its own, not what this process does meanwhile.
func TestWorkersAreMeasuredApart(t *testing.T) {
	t.Parallel()
	server, _ := raise(t)
	before, err := server.cpu()
	if err != nil || before <= 0 {
		t.Fatalf("%v of CPU time, %v", before, err)
	}
	ours := func() int64 {
		var u unix.Timespec
		if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &u); err != nil {
			t.Fatal(err)
		}
		return u.Nano()
	}
	began, sum := ours(), sha256.Sum256(nil)
	for ours()-began < 200*time.Millisecond.Nanoseconds() {
		sum = sha256.Sum256(sum[:])
	}
	after, err := server.cpu()
	if spent := after - before; err != nil || spent > 100*time.Millisecond {
		t.Errorf("an idle worker spent %v, %v", spent, err)
	}
	if peak, err := server.peak(); err != nil || peak < 1<<20 {
		t.Errorf("%d bytes, %v", peak, err)
	}
}

// A worker that is gone ends what waits for it.
func TestAGoneWorkerEndsTheRun(t *testing.T) {
	t.Parallel()
	client, err := start(urgentSender, t.TempDir(), "127.0.0.1:1") // where there is no configuration
	if err != nil {
		t.Fatal(err)
	}
	server, _ := raise(t)
	ctx, end := client.with(t.Context())
	defer end()
	people := Block{People: 1}
	if err := server.call(t.Context(), "People", people, new([]string)); err != nil {
		t.Fatal(err)
	}
	if err := server.call(ctx, "Await", Wait{Block: people, Text: "never sent"}, &Seen{}); !errors.Is(err, errGone) {
		t.Errorf("got %v, want that it is gone", err)
	}
	if err := client.stop(); err == nil {
		t.Error("its failure is not told")
	}
}
