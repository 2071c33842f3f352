package whatsapp

import (
	"fmt"
	"log/slog"
	"reflect"
	"regexp"
	"strings"

	"go.mau.fi/libsignal/logger"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	waLog "go.mau.fi/whatsmeow/util/log"
)

var (
	anyJID = regexp.MustCompile(`[^\s@]*@(s\.whatsapp\.net|c\.us|g\.us|lid|hosted|hosted\.lid|broadcast|newsletter|msgr|bot|call)\S*`)
	// Five digits in a row, or six and more with the separators people use in numbers; a LID or a number in any writing is longer.
	digitRun  = regexp.MustCompile(`\p{Nd}{5,}|\p{Nd}(?:[\s.\-/()_:+]*\p{Nd}){5,}`)
	quoted    = regexp.MustCompile("(?s)\"[^\"]*\"|“[^”]*”|`[^`]*`")
	messageID = regexp.MustCompile(`^[0-9A-F]{16,40}$`)
	letterAF  = regexp.MustCompile(`[A-F]`)
	sentID    = regexp.MustCompile(MessageIDPrefix + `[0-9A-Za-z]{4,}`) // ours: who knows one can ask for the message
)

// longestSaid bounds what is kept, in bytes, and the work of redacting it: the library may quote a whole stanza.
const longestSaid = 2000

// redact takes out of a sentence whatever might tell a person: addresses, runs of digits, quotations, and everything from
// the first "<" on, because there the library prints stanzas. It takes too much rather than too little.
func redact(s string) string {
	s = strings.ToValidUTF8(s[:min(len(s), longestSaid)], "")
	if i := strings.IndexByte(s, '<'); i >= 0 {
		s = s[:i] + "[stanza]"
	}
	s = quoted.ReplaceAllString(s, "[quoted]")
	if i := strings.IndexAny(s, "\"“`"); i >= 0 {
		s = s[:i] + "[quoted]"
	}
	s = anyJID.ReplaceAllString(s, "[jid]")
	s = sentID.ReplaceAllString(s, "[id]")
	return digitRun.ReplaceAllString(s, "[digits]")
}

// cleanError is an error of the library whose text has been redacted; errors.Is and errors.As still see the original.
type cleanError struct{ err error }

func clean(err error) error {
	if err == nil {
		return nil
	}
	return cleanError{err}
}

// Error is the redacted text.
func (e cleanError) Error() string { return redact(e.err.Error()) }

// Unwrap gives the original, whose text must not be printed.
func (e cleanError) Unwrap() error { return e.err }

// libraryLog leads what the library says into slog, redacted. The sentences of the library are all kept at the level it
// chose; the stanzas it would print at debug level are reduced to their tag, since they carry names and addresses.
type libraryLog struct {
	log      *slog.Logger
	stopping <-chan struct{} // once closed, complaints about the broken connection are of no interest
}

func newLibraryLog(log *slog.Logger, stopping <-chan struct{}) waLog.Logger {
	return libraryLog{log.With("module", "whatsmeow"), stopping}
}

const librarySays = "whatsapp library"

// Errorf implements the library's logger.
func (l libraryLog) Errorf(format string, args ...any) { l.say(l.log.Error, format, args) }

// Warnf implements the library's logger.
func (l libraryLog) Warnf(format string, args ...any) { l.say(l.log.Warn, format, args) }

// Infof implements the library's logger.
func (l libraryLog) Infof(format string, args ...any) { l.say(l.log.Info, format, args) }

// Debugf implements the library's logger.
func (l libraryLog) Debugf(format string, args ...any) { l.say(l.log.Debug, format, args) }

func (l libraryLog) say(log func(string, ...any), format string, args []any) {
	select {
	case <-l.stopping:
		log = l.log.Debug
	default:
	}
	log(librarySays, "said", saying{format, args})
}

// Sub implements the library's logger.
func (l libraryLog) Sub(module string) waLog.Logger {
	return libraryLog{l.log.With("part", module), l.stopping}
}

// saying is a sentence of the library. It is formatted only where its level is logged: as the library wanted it, with
// every argument replaced by what may be known of it, and redacted once more as a whole.
type saying struct {
	format string
	args   []any
}

// LogValue is the redacted sentence.
func (s saying) LogValue() slog.Value {
	safe := make([]any, len(s.args))
	for i, arg := range s.args {
		safe[i] = safeArg(arg)
	}
	return slog.StringValue(redact(fmt.Sprintf(s.format, safe...)))
}

// safeArg keeps numbers, truth values, durations and redacted errors. Of a message ID it tells that it is one. Any other string may be a name or a
// text, any other value may hold one: only its type is told.
func safeArg(arg any) any {
	switch v := arg.(type) {
	case nil:
		return arg
	case error:
		return redact(v.Error())
	case types.JID, *types.JID:
		return "[jid]"
	case *binary.Node:
		return safeNode(v)
	case binary.Node:
		return safeNode(&v)
	case string:
		if messageID.MatchString(v) && letterAF.MatchString(v) {
			return "[id]"
		}
		return "[text]"
	}
	switch reflect.TypeOf(arg).Kind() {
	case reflect.Bool, reflect.Float32, reflect.Float64, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return arg
	}
	return fmt.Sprintf("[%T]", arg)
}

func safeNode(node *binary.Node) string {
	if node == nil || len(node.Tag) > 32 || digitRun.MatchString(node.Tag) {
		return "[stanza]"
	}
	return "[stanza " + node.Tag + "]"
}

// silence is the logger of the Signal library, which would print decryption errors to standard output. The client
// library reports the same errors through its own logger, so nothing is lost.
type silence struct{}

// Debug says nothing.
func (silence) Debug(string, string) {}

// Info says nothing.
func (silence) Info(string, string) {}

// Warning says nothing.
func (silence) Warning(string, string) {}

// Error says nothing.
func (silence) Error(string, string) {}

// Configure says nothing.
func (silence) Configure(string) {}

var _ logger.Loggable = silence{}
