package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/rpc"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// worker is the first argument of a process that this program starts from itself; its
// role is the second.
const worker = "as-worker"

// stopTime is how long a process may take to end.
const stopTime = 30 * time.Second

// asWorker does a worker's work until the process that started it goes, if the arguments
// are a worker's.
func asWorker(args []string) (code int, is bool) {
	if len(args) < 2 || args[0] != worker {
		return 0, false
	}
	var err error
	switch args[1] {
	case "server":
		err = serveTown()
	case plainSender:
		err = servePlain(args[2:])
	default:
		err = serveDaemon(args[2:])
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench %s: %v\n", args[1], err)
		return 1, true
	}
	return 0, true
}

// stdio is the line to the process that started this one.
type stdio struct {
	io.Reader
	io.WriteCloser
}

// serve answers what is asked over standard input and output, until that is closed.
func serve(service any) error {
	s := rpc.NewServer()
	if err := s.RegisterName("worker", service); err != nil {
		return err
	}
	s.ServeConn(stdio{os.Stdin, os.Stdout})
	return nil
}

// Nothing is what a call of a worker takes or answers when there is nothing to say.
type Nothing struct{}

// process is a worker, seen from the one that started it.
type process struct {
	cmd  *exec.Cmd
	rpc  *rpc.Client
	gone chan struct{} // closed when it has ended
	end  error         // read after gone
}

// errGone says that a worker has ended by itself; it has told standard error why.
var errGone = errors.New("a process of the benchmark has ended too soon")

// start makes a worker.
func start(role string, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, append([]string{worker, role}, args...)...)
	cmd.Stderr = os.Stderr
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut, cmd.Start()); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, rpc: rpc.NewClient(stdio{out, in}), gone: make(chan struct{})}
	go func() {
		p.end = cmd.Wait()
		close(p.gone)
	}()
	return p, nil
}

// with is ctx as long as the worker lives.
func (p *process) with(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, end := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-p.gone:
			end(errGone)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { end(nil) }
}

// call asks the worker for something and waits for its answer.
func (p *process) call(ctx context.Context, method string, args, reply any) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	call := p.rpc.Go("worker."+method, args, reply, make(chan *rpc.Call, 1))
	select {
	case <-call.Done:
		if call.Error != nil {
			return fmt.Errorf("%s: %w", method, call.Error)
		}
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// do is call for what has no answer.
func (p *process) do(ctx context.Context, method string, args any) error {
	return p.call(ctx, method, args, &Nothing{})
}

// stop closes the line to the worker, which ends it, and waits. It may be called twice.
func (p *process) stop() error {
	_ = p.rpc.Close()
	late := time.AfterFunc(stopTime, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	<-p.gone
	return p.end
}

// kill ends a worker that has nothing to put away.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.gone
}

// cpu is the worker's user and system time so far, of all its threads.
func (p *process) cpu() (time.Duration, error) {
	const scheduler = 2 // the clock of the scheduler, in nanoseconds: CPUCLOCK_SCHED of clock_gettime(2)
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^p.cmd.Process.Pid)<<3|scheduler, &t); err != nil {
		return 0, fmt.Errorf("CPU time of a worker: %w", err)
	}
	return time.Duration(t.Nano()), nil
}

// peak is the most memory that the worker ever had, in bytes: VmHWM of proc(5).
func (p *process) peak() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kB, err := strconv.ParseInt(strings.Fields(after + " ?")[0], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("memory of a worker: %w", err)
	}
	return kB << 10, nil
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
