package whatsapp_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// mediaLine is the way to the media servers; a test can break it. The websocket goes past it.
type mediaLine struct {
	town *town
	base http.RoundTripper

	mu     sync.Mutex // guards the rest
	posts  int
	answer func(*http.Request) (*http.Response, error) // nil: the server's own
}

func newMediaLine(w *town) *mediaLine {
	return &mediaLine{town: w, base: w.server.HTTPClient().Transport}
}

func (l *mediaLine) client() *http.Client { return &http.Client{Transport: l} }

// RoundTrip implements http.RoundTripper.
func (l *mediaLine) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method != http.MethodPost {
		return l.base.RoundTrip(request)
	}
	l.mu.Lock()
	l.posts++
	answer := l.answer
	l.mu.Unlock()
	if answer != nil {
		return answer(request)
	}
	return l.base.RoundTrip(request)
}

func (l *mediaLine) uploads() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.posts
}

func (l *mediaLine) answerWith(answer func(*http.Request) (*http.Response, error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answer = answer
}

func status(code int, body io.Reader) func(*http.Request) (*http.Response, error) {
	return func(request *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: code, Body: io.NopCloser(body), Request: request}, nil
	}
}

func hang(request *http.Request) (*http.Response, error) {
	<-request.Context().Done()
	return nil, request.Context().Err()
}

func wantFault(t *testing.T, err error, outcome whatsapp.Outcome, fault whatsapp.FaultKind) *whatsapp.SendError {
	t.Helper()
	var send *whatsapp.SendError
	if !errors.As(err, &send) || send.Outcome != outcome || send.Fault != fault {
		t.Fatalf("got %v, want %v, %v", err, outcome, fault)
	}
	for cause := error(send); cause != nil; cause = errors.Unwrap(cause) {
		if text := cause.Error(); strings.Contains(text, "token=") || strings.Contains(text, "/mms/") {
			t.Errorf("the error names the file and the token: %v", text)
		}
	}
	return send
}

func wantContentError(t *testing.T, err error) {
	t.Helper()
	if content := (*whatsapp.ContentError)(nil); !errors.As(err, &content) || content.Error() == "" {
		t.Errorf("got %v, want a content error", err)
	}
}

func TestUploadsThatFail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		line := newMediaLine(w)
		options := w.options()
		options.HTTPClient = line.client()
		client := w.paired(options)
		for _, test := range []struct {
			name   string
			answer func(*http.Request) (*http.Response, error)
			fault  whatsapp.FaultKind
			code   int
		}{
			{"overload", status(503, strings.NewReader("no")), whatsapp.FaultSession, 503},
			{"void token", status(401, strings.NewReader("no")), whatsapp.FaultSession, 401},
			{"too large", status(413, strings.NewReader("no")), whatsapp.FaultMessage, 413},
			{"too much", status(429, strings.NewReader("no")), whatsapp.FaultLimit, 429},
			{"a captive portal", status(200, strings.NewReader("<html>")), whatsapp.FaultSession, 0},
			{"an empty answer", status(200, strings.NewReader("{}")), whatsapp.FaultSession, 0},
			{"an endless address", status(200, strings.NewReader(`{"direct_path":"/`+strings.Repeat("x", 1<<20)+`"}`)), whatsapp.FaultSession, 0},
			{"a line cut in the answer", status(200, strings.NewReader(`{"url":"https`)), whatsapp.FaultLink, 0},
			{"a cut line", func(*http.Request) (*http.Response, error) { return nil, io.ErrClosedPipe }, whatsapp.FaultLink, 0},
			{"a mute server", hang, whatsapp.FaultLink, 0},
		} {
			line.answerWith(test.answer)
			began, asked := time.Now(), w.server.Stats().Queries["w:m"]
			_, err := client.Upload(t.Context(), whatsapp.Image, []byte("una foto"))
			if send := wantFault(t, err, whatsapp.NotSent, test.fault); send.Code != test.code {
				t.Errorf("%s: got code %d, want %d", test.name, send.Code, test.code)
			}
			if took := time.Since(began); took > whatsapp.UploadDeadline {
				t.Errorf("%s: it took %v", test.name, took)
			}
			line.answerWith(nil)
			if upload, err := client.Upload(t.Context(), whatsapp.Image, []byte("una foto")); err != nil || upload.Length != 8 {
				t.Errorf("%s: got %v when it was tried again", test.name, err)
			}
			if w.server.Stats().Queries["w:m"] == asked && test.name != "an empty answer" && test.name != "an endless address" {
				t.Errorf("%s: it was tried again with the same host and token", test.name)
			}
		}
		w.settle()
		if said := w.log.String(); strings.Contains(said, "auth=") || strings.Contains(said, "/mms/") || strings.Contains(said, "/v/t62") {
			t.Error("the log holds where a file is, or the token")
		}
	})
}

func TestUploadsThatCannotBegin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.paired(w.options())
		w.server.FailQueries("w:m set media_conn", 429)
		_, err := client.Upload(t.Context(), whatsapp.Image, []byte("una foto"))
		wantFault(t, err, whatsapp.NotSent, whatsapp.FaultLimit)
		w.server.FailQueries("w:m set media_conn", 500)
		_, err = client.Upload(t.Context(), whatsapp.Image, []byte("una foto"))
		wantFault(t, err, whatsapp.NotSent, whatsapp.FaultSession)
		w.server.FailQueries("w:m set media_conn", 0)
		for kind, data := range map[whatsapp.MediaKind]string{"audio": "una voce", "": "una foto", whatsapp.Image: ""} {
			_, err = client.Upload(t.Context(), kind, []byte(data))
			wantFault(t, err, whatsapp.NotSent, whatsapp.FaultMessage)
			wantContentError(t, err)
		}
		if _, err = client.Upload(t.Context(), whatsapp.Video, []byte("un film")); err != nil {
			t.Error(err)
		}
		client.Close()
		_, err = client.Upload(t.Context(), whatsapp.Image, []byte("una foto"))
		wantFault(t, err, whatsapp.NotSent, whatsapp.FaultLink)
	})
}

// A large file on a slow line must not keep an urgent text, or the answer to a citizen.
func TestAnUploadStopsNoSend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		line := newMediaLine(w)
		line.answerWith(hang)
		options := w.options()
		options.HTTPClient = line.client()
		client := w.paired(options)
		var first error
		var hanging sync.WaitGroup
		hanging.Go(func() { _, first = client.Upload(t.Context(), whatsapp.Image, []byte("una foto")) })
		synctest.Wait()
		began := time.Now()
		w.send(client, mario, "avviso")
		if took := time.Since(began); took > time.Second {
			t.Errorf("the text waited %v for the upload", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := client.Upload(ctx, whatsapp.Image, []byte("un'altra"))
		wantFault(t, err, whatsapp.NotSent, whatsapp.FaultLink)
		if got := line.uploads(); got != 1 {
			t.Errorf("got %d uploads at once, want one", got)
		}
		client.Close() // must not wait four minutes
		hanging.Wait()
		wantFault(t, first, whatsapp.NotSent, whatsapp.FaultLink)
		if took := time.Since(began); took > time.Minute+time.Second*5 {
			t.Errorf("closing took until %v", took)
		}
		w.settle()
	})
}

// The file is copied once, encrypted, and not again on its way.
func TestUploadIsSparing(t *testing.T) {
	const size = 16 << 20
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		line := newMediaLine(w)
		options := w.options()
		options.HTTPClient = line.client()
		client := w.paired(options)
		line.answerWith(func(request *http.Request) (*http.Response, error) {
			if n, err := io.Copy(io.Discard, request.Body); err != nil || n != request.ContentLength || n <= size {
				t.Errorf("got %d bytes of %d, %v", n, request.ContentLength, err)
			}
			return status(200, strings.NewReader(`{"url":"https://example.org/x","direct_path":"/x?a=b"}`))(request)
		})
		backing := make([]byte, size+100)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := client.Upload(t.Context(), whatsapp.Image, backing[:size-5]); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if copied := after.TotalAlloc - before.TotalAlloc; copied > size+4<<20 {
			t.Errorf("%d MiB were allocated for a file of %d", copied>>20, size>>20)
		}
		for _, b := range backing[size-5:] {
			if b != 0 {
				t.Fatal("the upload wrote behind the end of the caller's slice")
			}
		}
	})
}
