package whatsapp

import "time"

// WhatsApp publishes no protocol: how long a message can be changed is known from what its apps offer their owners. That the
// server takes a later change all the same, and the recipient's phone ignores it without a word to us, is hearsay, and
// prudent to believe. So the caller measures both windows, from the time the server took the message.
const (
	// EditWindow is how long a message may be edited after it was sent. WhatsApp's help pages say 15 minutes
	// (faq.whatsapp.com/6614640168569481), and its apps offer it no longer. The library's constant says 20; that recipients
	// are that lenient is hearsay, and an edit that nobody sees is worse than a correction sent as a new message.
	EditWindow = 15 * time.Minute
	// DeleteWindow is how long a message may be deleted for everyone. When the limit was raised in August 2022, WhatsApp
	// spoke of "a little over 2 days"; that it is 2 days and 12 hours is what the press and other services report, and we
	// know no page of WhatsApp's that says it.
	DeleteWindow = 60 * time.Hour
)

// Since May 2026 some of WhatsApp's own clients encrypt an edit once more, with the secret of the edited message. They do it
// where a switch of WhatsApp's says so and go on taking edits in the older form, which is the library's and ours: we keep no
// secrets of messages. Should phones stop taking it, edits must become corrections.
