package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp"
)

const (
	home       = "\x1b[H"
	clearLine  = "\x1b[K" // to the right
	clearBelow = "\x1b[J"
)

// stage shows a scene: on a terminal always the whole of it, over what was there
// before; to a program, or on a terminal that cannot write over, one thing after
// the other.
type stage struct {
	a      *App
	giveUp context.CancelCauseFunc
	zone   *time.Location

	mu      sync.Mutex // guards what follows, and what is written
	scene   scene
	picture *picture  // nil without --png
	shown   frame     // what the window shows; none while something else has it
	free    bool      // the window is ours
	began   bool      // something was shown
	keys    *keyboard // nil until somebody is asked

	end  context.CancelFunc
	done sync.WaitGroup
}

// openStage says what to do before there is a code, and above all when there is
// no room for one.
func (a *App) openStage(cfg config.Config, o pairOptions, giveUp context.CancelCauseFunc) (*stage, error) {
	s := &stage{a: a, giveUp: giveUp, zone: cfg.Sending.Location, free: true, scene: scene{number: cfg.Service.Number, how: o, pair: a.pairAgain()}}
	if o.png != "" {
		var err error
		if s.picture, err = newPicture(o.png, cfg.DataDir, cfg.SpoolDir); err != nil {
			return nil, err
		}
	}
	w := a.window()
	if w.redraw {
		s.redraw()
	} else {
		if _, fits := s.scene.fit(w); !fits && w.columns > 0 && !o.code && o.png == "" {
			columns, lines := s.scene.wants(w)
			a.say("%s", s.scene.tooSmall(w, columns, lines))
		}
		a.say("%s", s.scene.howTo())
	}
	ctx, end := context.WithCancel(context.Background())
	s.end = end
	resized := make(chan os.Signal, 1)
	signal.Notify(resized, syscall.SIGWINCH)
	s.done.Go(func() {
		defer signal.Stop(resized)
		s.keep(ctx, resized)
	})
	return s, nil
}

// pairAgain is this command as a person types it, without what it was told of
// the code.
func (a *App) pairAgain() string {
	if a.file == "" {
		return "banditore pair"
	}
	return "banditore pair --config " + quoted(a.file)
}

// keep lets the clock go, and follows the window.
func (s *stage) keep(ctx context.Context, resized <-chan os.Signal) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-resized:
			s.redraw()
		case <-second.C:
			s.tick()
		}
	}
}

// close takes the code off the window, and the picture off the disk.
func (s *stage) close() error {
	s.end()
	s.done.Wait()
	s.clear()
	if s.picture == nil {
		return nil
	}
	return s.picture.remove()
}

// clear empties the window for something else.
func (s *stage) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.shown.lines) > 0 {
		fmt.Fprint(s.a.Stdout, home+clearBelow)
	}
	s.shown, s.free = frame{}, false
}

// change changes the scene. In a window everything is shown again; else what
// there is to say is said.
func (s *stage) change(words string, how func(*scene)) {
	s.mu.Lock()
	how(&s.scene)
	s.free = true
	s.mu.Unlock()
	if s.a.window().redraw {
		s.redraw()
	} else if words != "" {
		s.a.say("%s", words)
	}
}

func (s *stage) redraw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.a.window()
	if !w.redraw || !s.free {
		return
	}
	f := s.scene.draw(w, time.Now())
	var out strings.Builder
	if !s.began { // what was there before can still be looked at, further up
		out.WriteString(strings.Repeat("\n", w.lines-1))
		s.began = true
	}
	out.WriteString(home)
	for i, line := range f.lines[:min(len(f.lines), w.lines)] {
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(line + clearLine)
	}
	fmt.Fprint(s.a.Stdout, out.String()+clearBelow)
	s.shown = f
}

// tick writes the clock, and nothing else: a terminal that is drawn anew all the
// time flickers, and loses what somebody has marked in it.
func (s *stage) tick() {
	s.mu.Lock()
	w := s.a.window()
	if !w.redraw || !s.free || len(s.shown.lines) == 0 {
		s.mu.Unlock()
		return
	}
	f := s.scene.draw(w, time.Now())
	same := len(f.lines) == len(s.shown.lines) && f.row == s.shown.row && f.column == s.shown.column
	if !same {
		s.mu.Unlock()
		s.redraw()
		return
	}
	defer s.mu.Unlock()
	aside := w
	aside.columns -= f.column
	var out strings.Builder
	for i, line := range aside.wrap(s.scene.clock(time.Now())) {
		if row := f.row + i + 1; row <= w.lines {
			fmt.Fprintf(&out, "\x1b[%d;%dH%s%s", row, f.column+1, line, clearLine)
		}
	}
	fmt.Fprint(s.a.Stdout, out.String())
	s.shown = f
}

// screen is the stage as pairing sees it.
func (s *stage) screen() whatsapp.Screen {
	screen := whatsapp.Screen{
		Code:        s.codeShown,
		WrongPhone:  func(number string) { s.notice(wrongPhoneWords(number, s.scene.number), false) },
		Trouble:     func(err error) { s.notice(troubleWords(err), true) },
		Again:       func() { s.notice(againWords, false) },
		Declined:    func() { s.notice(declinedWords, false) },
		Passkey:     s.passkey,
		PasskeyCode: s.passkeyCode,
	}
	if s.scene.how.code {
		screen.LinkCode = s.linkCodeShown
	}
	return screen
}

func (s *stage) notice(words string, trouble bool) {
	s.change(words, func(sc *scene) { sc.notice, sc.trouble = words, trouble })
}

// codeShown puts a new code in the place of the one before.
func (s *stage) codeShown(code string, valid time.Duration) {
	q, err := whatsapp.NewQR(code)
	if err == nil && s.picture != nil {
		err = s.picture.put(q)
	}
	if err != nil {
		s.giveUp(err)
		return
	}
	s.newCode(valid, func(sc *scene) { sc.code = q }, func() {
		if s.picture != nil {
			return
		}
		w := s.a.window()
		for _, line := range q.Draw(s.scene.drawing(w)) {
			fmt.Fprintln(s.a.Stdout, line)
		}
		if !s.a.Terminal {
			fmt.Fprintln(s.a.Stdout, code)
		}
	})
}

func (s *stage) linkCodeShown(code string, valid time.Duration) {
	s.newCode(valid, func(sc *scene) { sc.link = code }, func() { fmt.Fprintln(s.a.Stdout, spaced(code)) })
}

// newCode shows what a new code changes. print writes it where nothing can be
// written over.
func (s *stage) newCode(valid time.Duration, set func(*scene), print func()) {
	if !s.a.window().redraw {
		print()
	}
	s.change(validWords(int(valid.Seconds())), func(sc *scene) {
		set(sc)
		sc.until = time.Now().Add(valid)
		if sc.trouble {
			sc.notice, sc.trouble = "", false
		}
	})
}
