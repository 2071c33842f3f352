package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"banditore/bot/memdir"
)

// TestMain lets the test binary be the other process of a test.
func TestMain(m *testing.M) {
	if role := os.Getenv("BANDITORE_STORE_ROLE"); role != "" {
		fmt.Println(play(role, os.Getenv("BANDITORE_STORE_DIR")))
		os.Exit(1) // only a killed process has played its role
	}
	os.Exit(memdir.Run(m))
}

// committed is how many registrations the process completes.
const committed = 50

func play(role, dir string) error {
	if role == "hold the directory" {
		if _, err := Lock(dir); err != nil {
			return err
		}
		return waitToBeKilled()
	}
	if role == "read the list" {
		return readToTheEnd(dir)
	}
	s, err := Open(context.Background(), dir)
	if err != nil {
		return err
	}
	for n := range committed + 1 {
		in := Incoming{ID: fmt.Sprint("in", n), From: citizen(n)}
		_, err := s.Handle(context.Background(), in, noon(), func() string { return fmt.Sprint("out", n) }, func(i *Inbox) error {
			err := errors.Join(i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}), i.Answer(Confirmation, "Benvenuto"))
			if n == committed {
				err = waitToBeKilled()
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return errors.New("survived")
}

// readToTheEnd stops at the first subscriber.
func readToTheEnd(dir string) error {
	s, err := OpenExisting(context.Background(), dir)
	if err != nil {
		return err
	}
	for range s.Subscribers(context.Background()) {
		return waitToBeKilled()
	}
	return errors.New("there is nobody on the list")
}

func waitToBeKilled() error {
	fmt.Println("ready")
	_, err := io.ReadAll(os.Stdin)
	return errors.Join(errors.New("not killed"), err)
}

// start runs the test binary in a role until it is ready to be killed.
func start(t *testing.T, role, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "BANDITORE_STORE_ROLE="+role, "BANDITORE_STORE_DIR="+dir)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	must(t, err)
	stdout, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have been killed
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	must(t, err)
	equal(t, "the process says", line, "ready\n")
	return cmd
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	must(t, cmd.Process.Kill())
	if err := cmd.Wait(); err == nil {
		t.Fatal("it ended by itself")
	}
}

func TestG3_KilledInMidTransaction(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	kill(t, start(t, "subscribe people", dir))
	s, err := Open(t.Context(), dir)
	must(t, err)
	defer s.Close()
	tw := &town{Store: s, t: t, dir: dir}
	for _, table := range []string{"subscribers", "answers", "handled"} {
		equal(t, table, tw.rows(table), committed)
	}
	for n, sub := range tw.list() {
		equal(t, "subscriber", sub.Person, citizen(n))
	}
	fresh, err := s.Handle(t.Context(), Incoming{ID: fmt.Sprint("in", committed), From: citizen(committed)}, noon(), tw.newID,
		func(i *Inbox) error { return i.Answer(Other, "?") })
	must(t, err)
	equal(t, "the text in hand is handled again", fresh, true)
}
