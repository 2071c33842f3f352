// Package message says which messages an announcement is, what each of them shows,
// and to which address it goes. What it makes of a row of the outbox is the same
// whenever it is asked, so that a phone which could not read a message, or a restart,
// gets what was meant the first time (G2).
package message

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// captionLimit is the longest text, in characters, that goes under a picture.
// WhatsApp's own apps take 1,024; what is missing is room for [amended].
const captionLimit = 1000

// amended introduces a correction that comes as a message of its own.
const amended = "*Rettifica*\n\n"

// FitsCaption tells whether a text goes under a picture, or before it in a
// message of its own.
func FitsCaption(text string) bool { return utf8.RuneCountInString(text) <= captionLimit }

// Count is how many messages everybody gets of an announcement: one for each
// attachment, and one for words that are not under the first.
func Count(text string, attachments int) int {
	if attachments > 0 && FitsCaption(text) {
		return attachments
	}
	return attachments + 1
}

// Share is what one of the messages of an announcement shows: words, and one of
// its attachments, or -1 for none.
func Share(text string, messages, attachments, part int) (words string, attachment int) {
	if part == 0 {
		words = text
	}
	if attachments == 0 || messages > attachments {
		part-- // the words go first
	}
	return words, part
}

// Composer puts messages together.
type Composer struct {
	Store        *store.Store
	Name, Number string // of the service, for its contact card
}

// Content is what a phone shows of a message. A [*whatsapp.ContentError] says that
// it can show nothing.
func (c Composer) Content(ctx context.Context, o store.Outgoing) (whatsapp.Content, error) {
	switch {
	case o.Answer == store.Card:
		return whatsapp.Content{Card: &whatsapp.Card{Name: c.Name, Number: c.Number}}, nil
	case o.Form == store.Revoke:
		return whatsapp.Content{Deletes: o.Target}, nil
	}
	var attachments []store.Attachment
	if o.Attachments != 0 {
		var err error
		if attachments, err = c.Store.Attachments(ctx, o.Attachments); err != nil {
			return whatsapp.Content{}, err
		}
	}
	content := whatsapp.Content{Text: o.Text}
	shown := -1
	switch o.Form {
	case store.Edit:
		content.Edits = o.Target
		_, shown = Share("", o.Messages, len(attachments), 0)
	case store.Correction:
		content.Text, shown = Share(o.Text, o.Messages, len(attachments), o.Part)
		if o.Part == 0 {
			content.Text = amended + content.Text
		}
	default:
		content.Text, shown = Share(o.Text, o.Messages, len(attachments), o.Part)
		if o.Target != "" && o.Part == 0 { // he has got the wrong one, but not what this one shows
			content.Text = amended + content.Text
		}
	}
	if shown < 0 {
		return content, nil
	}
	if shown >= len(attachments) {
		return content, &whatsapp.ContentError{Problem: fmt.Sprintf("message %d of an announcement with %d attachments", o.Part, len(attachments))}
	}
	var err error
	content.Media, err = mediaOf(attachments[shown])
	return content, err
}

func mediaOf(a store.Attachment) (*whatsapp.Media, error) {
	m := whatsapp.Media{
		Kind: whatsapp.MediaKind(a.Kind), MIME: a.MIME, Name: a.Name,
		Width: a.Width, Height: a.Height, Seconds: a.Seconds, Pages: a.Pages, Thumbnail: a.Thumbnail, Uploaded: a.UploadedAt,
	}
	if a.Upload == nil {
		return nil, &whatsapp.ContentError{Problem: "an attachment that was never uploaded"}
	}
	if err := json.Unmarshal(a.Upload, &m.Upload); err != nil {
		return nil, fmt.Errorf("read where an attachment is: %w", err)
	}
	return &m, nil
}

// PersonOf and [AddressOf] translate between the two rooms that know people.
// Digits that can be no telephone number are left out.
func PersonOf(a whatsapp.Address) store.Person {
	number, err := store.ParseNumber(a.Number)
	if err != nil {
		number = ""
	}
	return store.Person{Number: number, LID: store.LID(a.LID)}
}

// AddressOf is where a person gets messages.
func AddressOf(p store.Person) whatsapp.Address {
	return whatsapp.Address{Number: string(p.Number), LID: string(p.LID)}
}
