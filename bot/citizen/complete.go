package citizen

import (
	"slices"
	"strings"
)

// complete reads text as the details that known lacks: the next message of somebody whom we have asked for them ("Mario Rossi Saronno", "abito
// a Saronno", or the command once more). It returns what is known then; the Intent is Subscribe when nothing lacks any more. It is
// false when text is not details, be it a question, a sentence, thanks, a refusal or any wish to leave: then it changes nothing.
func (r *Reader) complete(known Request, text string) (Request, bool) {
	m := scan(text)
	n := r.prepare(&m)
	read := r.read(&m, n)
	switch {
	case read.Intent == Subscribe:
		return read, true
	case read.Intent == Incomplete:
	case read.Intent != Other && read.Intent != Remark && read.Intent != Details && read.Intent != Correct || m.asked != 0 || m.forbids || m.cut:
		return known, false
	default:
		words := m.words
		if len(words) == 0 || len(words) > 16 || mentionsLeaving(words) || anyOf(words, alien|doubts) && !anyOf(words, label) || r.rambles(words) ||
			!anyOf(words, label) && slices.ContainsFunc(words, chats) && len(words) > 3 || allOf(words, smallTalk) {
			return known, false
		}
		read = r.supply(known, words)
	}
	return known.with(read)
}

// smallTalk answers a question without answering it.
const smallTalk = talk | shortTalk | thanks | greets | polite | agrees | declines | wish | wants | how

func chats(w word) bool { return w.class&shortTalk != 0 && w.class&(filler|particle) == 0 }

// supply reads the words in the light of what is known.
func (r *Reader) supply(known Request, words []word) Request {
	for len(words) > 1 && words[0].class&leads != 0 && words[0].class&(filler|particle|label) == 0 && !r.startsWithComune(words) {
		words = words[1:]
	}
	d := r.details(words)
	named := known.GivenName != "" && known.FamilyName != ""
	switch {
	case named && known.Comune == "":
		if d.Comune == "" || !r.known(d.Comune) {
			if name, ok := r.onlyComune(words); ok {
				return Request{Comune: name}
			}
		}
	case known.Comune != "" && known.GivenName != "" && known.FamilyName == "" && (d.GivenName == "" || d.FamilyName == "" || d.Comune == "") && !anyOf(words, label):
		return Request{FamilyName: onlyFamily(known, words)}
	case known.GivenName != "" && known.FamilyName == "" && d.FamilyName == "" && d.Comune != "" && fold(d.GivenName) != fold(known.GivenName):
		return Request{FamilyName: d.GivenName, Comune: d.Comune}
	}
	if !r.plausible(d, words) {
		return Request{}
	}
	return d
}

// onlyFamily reads the answer to "what is your family name?", which may repeat the given name.
func onlyFamily(known Request, words []word) string {
	words = trimPerson(words)
	for len(words) > 1 && strings.Contains(" "+fold(known.GivenName)+" ", words[0].folded) {
		words = words[1:]
	}
	if len(words) > 4 {
		return ""
	}
	return nameField(words)
}

// onlyComune reads the answer to "where do you live?".
func (r *Reader) onlyComune(words []word) (string, bool) {
	led := anyOf(words, labelComune) || words[0].class&filler != 0
	place := trim(words, filler|labelComune)
	place = r.dropProvince(place)
	if len(place) == 0 || len(place) > maxComuneWords {
		return "", false
	}
	if name, ok := r.guess(place); ok {
		return name, true
	}
	if len(place) > 3 || len(place[0].folded) < 4 && !led || anyOf(place, smallTalk) {
		return "", false
	}
	return field(place), led || len(place) == 1 || !isLower(place[0])
}

// plausible tells whether details without a command are details at all: something in them is recognised, or written with capitals.
func (r *Reader) plausible(d Request, words []word) bool {
	if d.GivenName+d.FamilyName+d.Comune == "" {
		return false
	}
	if d.Comune != "" && r.known(d.Comune) || anyOf(words, givenName|label) {
		return true
	}
	for _, w := range words {
		if isLower(w) && w.class&(particle|filler) == 0 {
			return false
		}
	}
	return len(words) < 6
}

// with adds what read knows to r; it is false when that is nothing.
func (r Request) with(read Request) (Request, bool) {
	if read.GivenName+read.FamilyName+read.Comune == "" {
		return r, false
	}
	out := Request{Intent: Incomplete, GivenName: r.GivenName, FamilyName: r.FamilyName, Comune: r.Comune}
	for _, f := range []struct {
		to   *string
		read string
	}{{&out.GivenName, read.GivenName}, {&out.FamilyName, read.FamilyName}, {&out.Comune, read.Comune}} {
		if f.read != "" {
			*f.to = f.read
		}
	}
	if out.GivenName != "" && out.FamilyName != "" && out.Comune != "" {
		out.Intent = Subscribe
	}
	return out, true
}
