package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
)

// Code is what somebody on the list can be named by to the Comune's staff, also
// when WhatsApp hides their number: six signs that nobody can guess, the first of
// which is a letter, so that it is neither a number nor a LID. It stays the same as
// long as they are on the list, and does not show itself in logs.
type Code string

// LogValue hides the code.
func (Code) LogValue() slog.Value { return slog.StringValue("[code]") }

// The signs of a code, without those that are taken for one another when they are
// read aloud or copied by hand: 0 O, 1 I L, 5 S, 8 B, U V.
const (
	codeLetters = "ACDEFGHJKMNPQRTVWXYZ"
	codeSigns   = "23456789" + codeLetters
	codeLength  = 6
)

// ParseCode reads a code as people write it: in small letters too, with blanks and
// hyphens. Nothing that has the form of a number or a LID is one.
func ParseCode(s string) (Code, bool) {
	s = strings.ToUpper(strings.NewReplacer(" ", "", "\u00a0", "", "-", "").Replace(strings.TrimSpace(s)))
	if len(s) != codeLength || !strings.ContainsRune(codeLetters, rune(s[0])) {
		return "", false
	}
	strange := func(r rune) bool { return !strings.ContainsRune(codeSigns, r) }
	return Code(s), !strings.ContainsFunc(s, strange)
}

// newCode draws one of 344 million.
func newCode() Code {
	code := make([]byte, 0, codeLength)
	for len(code) < codeLength {
		signs := codeSigns
		if len(code) == 0 {
			signs = codeLetters
		}
		code = append(code, signs[randomBelow(len(signs))])
	}
	return Code(code)
}

// randomBelow is less than n, which is at most 256, each number as likely as the
// others.
func randomBelow(n int) int {
	for {
		var b [1]byte
		_, _ = rand.Read(b[:]) // never fails
		if int(b[0]) < 256-256%n {
			return int(b[0]) % n
		}
	}
}

// freeCode draws until nobody has it.
func (i *Inbox) freeCode() (code Code, err error) {
	for taken := true; taken; {
		code = newCode()
		if taken, err = i.exists(`SELECT EXISTS (SELECT 1 FROM subscribers WHERE code = @code)`, sql.Named("code", code)); err != nil {
			return "", err
		}
	}
	return code, nil
}

// ByCode is the entry of the list with a code, as people write it: see [ParseCode].
func (s *Store) ByCode(ctx context.Context, code string) (sub Subscriber, ok bool, err error) {
	wanted, ok := ParseCode(code)
	if !ok {
		return sub, false, nil
	}
	err = s.reading(ctx, func(db querier) error {
		sub, ok, err = findSubscriber(ctx, db, `SELECT id FROM subscribers WHERE code = @code`, sql.Named("code", wanted))
		return err
	})
	if err != nil {
		return Subscriber{}, false, fmt.Errorf("by code: %w", err)
	}
	return sub, ok, nil
}
