// Package whatsapp is the only door to WhatsApp. It links the service's number as a companion device, hands over what
// citizens write, and sends texts and files, corrects them and takes them back. Nobody else imports the library
// underneath, and none of its types appears here.
//
// # What it promises
//
//   - A message is acknowledged to WhatsApp only after OnText has returned nil. If OnText fails or panics, or the process
//     dies, the message comes again: after the connection has been renewed (30 seconds later) or at the next start, and
//     OnText sees the same ID. The decrypted text waits in session.db meanwhile, and no longer.
//     What the same person wrote after such a text comes after it (order).
//   - Receipts are handed over in batches, within a moment (foldPause), so that a commit serves many. Each is acknowledged
//     after OnReceipts has returned nil for its batch, over the connection that it came by; else all of the batch come again.
//   - What the Comune's own phone tells this device, the parts of its history and the messages that it has decrypted for us,
//     is acknowledged by the library whatever we say, and never comes again. So whatever process takes it keeps it in
//     session.db, in the transaction that moves the ratchet, and the next one with an OnText reads it: until it has been
//     handed over, or its file has been out of reach for a week. A part of the history that OnHistory wants kept stays until
//     HistoryOver.
//   - The library acknowledges two things whatever OnText says: calls, and messages that it cannot decrypt. They are tried
//     again until the process ends.
//   - Send never outlives its deadline and says which of three things happened: taken by the server (nil), certainly not
//     (NotSent, Refused), or unknown (Uncertain). What is unknown is repeated with the same ID: a phone shows an ID once.
//   - SendWave sends many messages at once, and tells of each how it ended, as Send does. All are encrypted in one transaction
//     of session.db, which has been committed before the first leaves: no key is used twice, whatever crashes. Each waits for
//     its own acknowledgement. What is out of the ordinary goes by Send, after the others.
//   - Prepare asks nothing of which a send would not ask, and about nobody but those it is given.
//   - A success means that at least one device of the recipient can read it; the library alone does not promise that.
//   - Nothing more goes to a LID once WhatsApp has said that it is not that person's any more (refresh_lid): what went there
//     reached nobody, and goes with the same ID to the LID that their number has now, if the same phone is behind it.
//     Otherwise Send ends with FaultMoved until they write.
//   - A file is uploaded once, by Upload, for any number of messages; its key and its address are in no log and no error.
//   - An edit and a deletion are messages like others, with their own ID: acknowledged, repeated, asked for again. Whether
//     the recipient's phone could carry one out it tells nobody. It will not after EditWindow and DeleteWindow.
//   - Only the configured number can be linked. A phone with another number is refused before anything is stored, by
//     whatever way it links: a picture to scan, characters to type, or either and a passkey.
//   - Pair returns nil when WhatsApp has let us in with the new keys, and Prove when it lets us in with those of session.db.
//     A pairing may end at any moment, by a kill too: the next process finds no link, or one that Prove judges.
//   - Text.From holds what the message itself showed of its sender. What is known from before fills in what it left out. Which
//     number and LID are one person's is told to OnIdentity before anything leaves that was given only one of the two.
//   - After Forget no byte of session.db or of its journal holds the person's number or LID, nor will it until that person
//     writes again; it refuses while something of the phone's is unread that could. No names, no message secrets and no chat
//     settings are ever stored, and no conversation is kept from the phone's history.
//   - No number, LID, name or text of a citizen is in a log line or in the text of an error, nor is anything that links a
//     device: codes, their secrets, what a passkey answers.
//   - However the line breaks, we log in at most 6 times in any minute, 15 in any ten minutes and 70 in any hour; 120 in an hour
//     over all starts of the process. After a session that lasted ten minutes the next login follows at once. After shorter
//     ones logins are 2 seconds apart, 4, 8, and so on up to ten minutes while sessions last less than one minute or end
//     alike, and 90 seconds after five others; a minute at most while WhatsApp answers that it has no time. Three that end
//     alike are told of (OnLine). See logins.
//   - A version that WhatsApp refuses is looked up on its page at every connection that needs one, and kept. While none is
//     accepted we log in fewer than forty times in the first hour and two hundred in a week.
//
// # What may be stale
//
// LIDs and sessions are learnt once and kept in session.db, over a restart too. A LID that is not that person's any more is
// told by WhatsApp when something goes there (refresh_lid), a phone with new keys by its retry receipt. Which devices a person
// has is remembered only as long as the process lives: WhatsApp tells of every change while we are connected, and nothing of
// those that we miss. A list that is wrong all the same shows in the next acknowledgement (phash), and that message goes again
// for the device that has missed it. So after a restart devices are asked for again, for many people at once (Prepare).
//
// # What may happen twice
//
// OnText and OnReceipts see an ID again whenever they failed, the connection broke before the acknowledgement, or the
// sender's phone repeated it. A message that was unreadable is told at each attempt to decrypt it, and its text comes under
// the same ID. OnHistory sees a part again when it failed, when the process died before that it was read was noted, and, if
// it is kept, in each process; and a text that OnText has seen. OnState may name the same state
// twice. A message leaves twice, under its ID, when its acknowledgement tells that the recipient has linked another device
// since; and so may each of a wave, over a connection that broke before its acknowledgement came.
//
// # What it leaves out
//
// After a logout it does not come back by itself: a person pairs again. After a suspension it comes back when that ends,
// once after a replacement, and rarely while the program is out of date or refused (nextConnection and nextSeek have the
// timetables). Who declines a link on the phone is not told of: WhatsApp keeps that to itself.
// A chat's disappearing-message timer is not echoed. Pictures and other attachments of citizens are announced by their
// Kind and never downloaded. New words for an old message that are encrypted with that message's secret are unreadable,
// because no secrets are kept. Of the notifications that the library does not know only the types are counted (Unknown).
package whatsapp
