// Package whatsapptest is a WhatsApp server and the telephones of a town, in one process, for tests and the demo.
//
// [NewServer] is ready to use, like a server of net/http/httptest. A real client is given [Server.HTTPClient] for its
// websocket, pre-login and media traffic, and then speaks the true protocol with it: Noise with a certificate chain under
// a root key of our own, binary XML, pairing by QR code with signed identities, prekeys, Signal sessions per device,
// acknowledgements, receipts, retries and an offline queue. [Server.NewPhone] makes a person's handset, which scans,
// writes, reads, calls, goes offline and is set up again as a real one.
//
// # Promise
//
// What a client may do against WhatsApp it may do here, and what it must not do is recorded as an [Offence]. [Start] fails the
// test on every offence that was not excused. A stanza for a linked device is kept until the device acknowledged it,
// and comes again (offline) at each login, so every message, receipt and notification may arrive more than once. A phone shows a
// message ID once per sender and counts what arrives again apart ([Phone.Repeats]).
//
// Nothing here polls or sleeps by the wall: inside a testing/synctest bubble hours pass at once, and [Server.Close] leaves
// no goroutine behind. The library is less tidy: before a client hangs up in a bubble, let the bubble come to rest
// (synctest.Wait), and afterwards let two minutes pass, which is what its history loop takes to end.
//
// # How it works
//
// Each connection has a goroutine that reads and handles stanzas and one that writes them, in order, after the round trip
// time. One worker does what the phones have to do, so a phone at rest costs a few hundred bytes and no goroutine. Keys are
// derived from numbers: another process, or a second run, meets the same phones. One lock guards the server; a handset's own
// lock, taken first, keeps its messages in the order of their counters.
//
// A stanza goes conn.go → message.go (checks, ack) → inbox.go (decryption, the phone's checks) → receipt.go → pending.go
// (kept until acknowledged); what a phone writes goes outbox.go → pending.go. The rest is named after what it answers.
//
// # Not modelled
//
//   - Groups, broadcast lists, status and channels exist only as places from which something arrives ([Phone.WriteIn]):
//     everybody is in them, and a message to one is an offence. A sender key is used once.
//   - Calls ring, are rejected and end ([Phone.Call]): they have no keys and no sound, and to take one is an offence.
//   - Communities, business profiles.
//   - Pairing by number or passkey; the limit of four linked devices; the death of a link when the phone is away for weeks.
//   - When WhatsApp retires the secret of a code, and how often, is not known: here it is at the first scans of a connection
//     ([Server.RotateSecrets]). Codes grow old only when a test asks for it ([Server.AgeCodes]), at the times of WhatsApp Web.
//   - Messages between two simulated handsets travel in the clear and never fail, and nobody judges their files.
//   - Edits and deletions by real clients change what a phone has shown ([Message]), as far as a real phone would let them.
//     Those of simulated handsets ([Phone.Edit]), and all reactions, do nothing to it: they are listed as messages of their
//     own. In a history edits and deletions are carried out, and reactions and votes left out.
//   - Edits that are encrypted with the secret of the message, which WhatsApp's own clients have begun to send.
//   - History: of what a linked device sent only the words are kept. A client that asks for more of it (on demand), or for
//     a piece again that it could not fetch (server-error), gets no answer. How real phones cut it varies.
//   - A phone that is off still takes note of receipts and can call.
//   - App state: the push name is served, patches from clients are stored and numbered but not decrypted; a chat marked as
//     read that way is not seen ([Phone.MarkedRead] knows receipts).
//   - Abuse control: rates, bans and time locks happen only when a test asks for them ([Server.SetRefuser],
//     [Server.FailLogins], [Server.RestrictReachout]); trust tokens are handed out and verified but never required.
//   - A LID that changed ([Phone.ChangeLID]): the ack is known from reports of others, and nothing else.
//   - Blocking, profile pictures and presence are answered with fixed, empty results. Of the privacy settings only
//     readreceipts has an effect.
//   - Bandwidth and loss: only a constant round trip ([Server.SetRoundTrip]) and cut connections.
//   - Media: whatever was uploaded stays until Close or [Server.ExpireMedia], and phones ask nobody to upload a file again.
//     What a message says of its file is checked for JPEG, PNG, MP4 and PDF; for WebP and sound it is believed.
package whatsapptest
