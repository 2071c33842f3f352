package whatsapp

import "time"

// WhatsApp publishes no protocol, so how long a message can be changed is known from what its apps offer their owners and
// from what other clients have found. What comes later is acknowledged by the server all the same and ignored by the
// recipient's phone, without a word to us: so both windows are measured by us, from the time the server took the message.
const (
	// EditWindow is how long a message may be edited after it was sent. WhatsApp's help pages and its announcement of May
	// 2023 say 15 minutes, and its apps offer it no longer. The library's constant says 20; that recipients are that
	// lenient is hearsay, and an edit that nobody sees is worse than a correction sent as a new message.
	EditWindow = 15 * time.Minute
	// DeleteWindow is how long a message may be deleted for everyone. WhatsApp announced "a little over 2 days" in August
	// 2022; that it is 2 days and 12 hours is what all who measured report, and no page of WhatsApp's that we know says it.
	DeleteWindow = 60 * time.Hour
)
