package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
)

// UploadDeadline bounds every Upload: 16 MiB on a line that does half a megabit per second.
const UploadDeadline = 4 * time.Minute

var (
	errNoData       = &ContentError{"a file without content"}
	errUploadAnswer = errors.New("the answer to an upload names no file")
)

// Upload encrypts a file and leaves it with WhatsApp's media servers, for the messages that will show it. One upload runs
// at a time, and it stops no Send; more callers wait for their turn, within their deadline. Any end but nil is a *SendError
// with Outcome NotSent, and the caller may try again: FaultLink when the connection failed or was too slow, FaultMessage
// when WhatsApp does not want this file, FaultLimit when it wants no more for now, FaultSession when it answers nonsense or
// nothing. The data is only read. Memory: one encrypted copy of it, for as long as the upload takes.
func (c *Client) Upload(ctx context.Context, kind MediaKind, data []byte) (Upload, error) {
	media, _, ok := kind.kind()
	switch {
	case !ok:
		return Upload{}, &SendError{Outcome: NotSent, Fault: FaultMessage, Err: errMediaKind}
	case len(data) == 0:
		return Upload{}, &SendError{Outcome: NotSent, Fault: FaultMessage, Err: errNoData}
	}
	ctx, cancel := context.WithTimeout(ctx, UploadDeadline)
	defer cancel()
	defer context.AfterFunc(c.stopping, cancel)()
	l := c.current()
	if l == nil || c.State().State != StateConnected || !c.enter() {
		return Upload{}, &SendError{Outcome: NotSent, Fault: FaultLink, Err: errNotLinked}
	}
	defer c.hands.Done()
	select {
	case c.uploading <- struct{}{}:
		defer func() { <-c.uploading }()
	case <-ctx.Done():
		return Upload{}, &SendError{Outcome: NotSent, Fault: FaultLink, Err: ctx.Err()}
	}
	var upload Upload
	err := c.guarded(func() (err error) {
		upload, err = l.upload(ctx, media, data)
		return err
	})
	if err != nil {
		return Upload{}, uploadError(err)
	}
	return upload, nil
}

func (l *link) upload(ctx context.Context, media whatsmeow.MediaType, data []byte) (Upload, error) {
	if l.staleHost.Swap(false) {
		//lint:ignore SA1019 the library would go on with the same host and the same token until they expire
		if _, err := l.lib.DangerousInternals().RefreshMediaConn(ctx, true); err != nil {
			return Upload{}, err
		}
	}
	// The library's Upload would copy the file twice, and write its padding behind the end of the caller's slice.
	response, err := l.lib.UploadReader(ctx, bytes.NewReader(data), newMemoryFile(len(data)), media)
	if err != nil {
		l.staleHost.Store(true)
		return Upload{}, err
	}
	upload := Upload{
		URL: response.URL, DirectPath: response.DirectPath, Key: response.MediaKey,
		SHA256: response.FileSHA256, EncSHA256: response.FileEncSHA256, Length: response.FileLength,
	}
	if upload.check() != nil || len(upload.URL)+len(upload.DirectPath) > longestPath {
		return Upload{}, errUploadAnswer
	}
	return upload, nil
}

// longestPath is beyond any address that WhatsApp gives to a file.
const longestPath = 8 << 10

// uploadError sorts the errors of an upload. The address of a failed request holds a token, so it goes.
func uploadError(err error) *SendError {
	if request := (*url.Error)(nil); errors.As(err, &request) {
		return &SendError{Outcome: NotSent, Fault: FaultLink, Err: fmt.Errorf("upload: %w", clean(request.Err))}
	}
	if code := uploadCode(err); code != 0 {
		return &SendError{Outcome: NotSent, Fault: faultOfUpload(code), Code: code, Err: clean(err)}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) { // the line broke during the answer
		return &SendError{Outcome: NotSent, Fault: FaultLink, Err: clean(err)}
	}
	return unasked(err)
}

// uploadCode reads the HTTP status of a refused upload, which the library gives in the text only; 0 means that there is none.
func uploadCode(err error) int {
	_, after, found := strings.Cut(err.Error(), "upload failed with status code ")
	if !found {
		return 0
	}
	code, _ := strconv.Atoi(after)
	return code
}

func faultOfUpload(code int) FaultKind {
	switch code {
	case 413, 415:
		return FaultMessage // too large, or of a kind that WhatsApp does not take
	case 420, 429:
		return FaultLimit
	}
	return FaultSession // 401 and 403, the token is void; the server's own trouble; and what nobody knows
}

// memoryFile is where the library puts the encrypted file before it sends it. It wants to be able to rewind.
type memoryFile struct {
	content []byte
	unread  []byte
}

// newMemoryFile has room for what a file of that size becomes: padding of up to a block, and ten bytes of authentication.
func newMemoryFile(size int) *memoryFile {
	return &memoryFile{content: make([]byte, 0, size+16+10)}
}

// Write implements io.Writer.
func (f *memoryFile) Write(p []byte) (int, error) {
	f.content = append(f.content, p...)
	return len(p), nil
}

// Seek implements io.Seeker, to the start only.
func (f *memoryFile) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekStart {
		return 0, errors.ErrUnsupported
	}
	f.unread = f.content
	return 0, nil
}

// Read implements io.Reader.
func (f *memoryFile) Read(p []byte) (int, error) {
	if len(f.unread) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.unread)
	f.unread = f.unread[n:]
	return n, nil
}
