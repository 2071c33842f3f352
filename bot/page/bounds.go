package page

import (
	"slices"
	"unicode/utf8"
)

// How much of a long list the page shows. Together they keep it under 200 kB even
// if every name and text is as long and as full of marks as it can be.
const (
	showSecond   = 2
	showBubbles  = 11 // a text and ten attachments
	showWarnings = 8
	showNow      = 8 // leaving, and waiting
	showRefused  = 8
	showRecent   = 30

	showText  = 4096     // characters of one message, WhatsApp's own limit
	showTexts = 2 * 4096 // of all together
	showName  = 64
	showWords = 300
	showTowns = 80

	showThumbnail  = 4 << 10  // bytes of one picture
	showThumbnails = 16 << 10 // of all together
)

// status is what the template gets: the view, cut to size.
type status struct {
	View
	More  more
	Chart *chart
}

// more is how many are not shown.
type more struct{ Second, Leaving, Queue, Recent, Refused int }

func newStatus(v View) status {
	s := status{View: v, Chart: newChart(v.Days)}
	s.More = more{
		Second: cut(&s.Second, showSecond), Leaving: cut(&s.Leaving, showNow), Queue: cut(&s.Queue, showNow),
		Recent: cut(&s.Recent, showRecent), Refused: cut(&s.Refused, showRefused),
	}
	texts, thumbnails := showTexts, showThumbnails
	s.Second = slices.Clone(s.Second)
	for i := range s.Second {
		d := &s.Second[i]
		cut(&d.Bubbles, showBubbles)
		cut(&d.Warnings, showWarnings)
		d.Bubbles = slices.Clone(d.Bubbles)
		for j := range d.Bubbles {
			b := &d.Bubbles[j]
			b.Text = clip(b.Text, min(showText, texts))
			texts -= utf8.RuneCountInString(b.Text)
			if n := len(b.Attachment.Thumbnail); n > showThumbnail || n > thumbnails {
				b.Attachment.Thumbnail = nil
			}
			thumbnails -= len(b.Attachment.Thumbnail)
		}
	}
	return s
}

// cut shortens a list and says by how much.
func cut[T any](list *[]T, most int) int {
	more := max(0, len(*list)-most)
	*list = (*list)[:len(*list)-more]
	return more
}

// clip shortens a text and shows that it did.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:max(0, most)]) + "…"
}
