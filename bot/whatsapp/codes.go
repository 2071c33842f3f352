package whatsapp

import (
	"strconv"
	"strings"

	"go.mau.fi/whatsmeow"
)

// serverCode reads the code of a refused message. The library gives it in the text only ("server returned error 463"),
// so this is the one place that reads a text; 0 means that there is none.
func serverCode(err error) int {
	_, after, found := strings.Cut(err.Error(), whatsmeow.ErrServerReturnedError.Error())
	if !found {
		return 0
	}
	code, _ := strconv.Atoi(strings.TrimSpace(after))
	return code
}

// faultOfCode says whose fault a refusal is. WhatsApp documents none of these codes; the meanings are those reported by
// operators of other services.
func faultOfCode(code int) FaultKind {
	switch {
	case code == 404, code == 406, code == 410:
		return FaultRecipient // no such account, no keys, gone
	case code == 413:
		return FaultMessage // too large
	case code == 463:
		return FaultStranger // no token for this person yet, or no first messages to anybody
	case code == 402, code == 420, code == 429:
		return FaultLimit // banned for a while, too fast, too much
	case code == 0, code == 400, code == 401, code == 405, code >= 500:
		return FaultSession // bad session, logged out, outdated, the server's own trouble
	}
	return FaultTemporary // 403, blocked for hours; 475 and 479, stanza and identity did not match; and what nobody knows
}
