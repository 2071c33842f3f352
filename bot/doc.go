// Package bot is the daemon: it listens to citizens, takes announcements from
// the spool folder and sends each to every subscriber, once.
//
// # Who talks to whom
//
// Six loops share one [store.Store] and meet nowhere else; each owns one
// thing, and wakes the others by a kick that carries nothing:
//
//	receive   the order of incoming texts   wakes on an event from WhatsApp        never sends
//	intake    the spool folder              wakes on a folder event, a slow timer  never touches the network
//	upload    what attachments need first   wakes on a kick, a reconnect           never writes to anybody
//	deliver   everything that leaves        wakes on the next due time, a kick     never reads the folder
//	page      stato.html and the reports    wakes on a change, once a second       never writes the store
//	link      the hold on session.db        wakes on a change, a slow timer        never sends
//
// Receive has no goroutine of its own: WhatsApp's handler calls it, one text at
// a time, and the text is acknowledged to the server only after the
// transaction that carries out the wish and writes its answer to the outbox
// has been committed (G3). Deliver takes that answer from there. What citizens
// wrote while no device was linked comes with the phone's history (gap.go): it is
// handed over by a goroutine of package whatsapp, one part at a time and never
// beside a text. Cancellations in it are carried out at once, registrations when
// the gap is over; until then announcements wait, nobody is forgotten, and the
// parts are kept, so that the next start knows them all again.
//
// # One person, two identities
//
// A text may show a number, a LID, or both, and the list may know the other one.
// Receive asks nobody: it keeps a hash of who asked to leave and was not found.
// Deliver asks before it denies anybody, and each message for which only one
// identity is known makes known the other before it leaves (identity.go). What that
// reveals is carried out first.
//
// # The life of one delivery
//
//  1. intake claims the file, and what is attached to it, and publishes it: one
//     transaction writes the announcement and, for each subscriber, a delivery
//     with its own message ID for each message of it (parts.go).
//  2. upload brings the attachments to WhatsApp, once for all; urgent words do not
//     wait for it long. deliver claims the next delivery the pace allows. The row
//     says `sending` before the network hears of it.
//  3. whatsapp sends it. WhatsApp's server takes it (`sent`), refuses it
//     (`failed`), or the outcome is unknown: then the row waits for another
//     attempt with the same message ID.
//  4. receipts turn `sent` into `delivered` and `read`.
//  5. the last delivery ends the announcement; intake files it away with a
//     report.
//
// A correction and a withdrawal are announcements too, whose messages change or
// delete others (correct.go, intake.go): what is true of a delivery is true of
// them.
//
// While the folder cannot be used, intake and page try again (folder.go), and the
// others go on.
//
// # What may happen twice
//
// A message may leave twice when the daemon is killed between the server's
// answer and our commit. It leaves with the same ID, and a phone shows an ID
// once (G2). A text may be handed over twice; its ID is handled once. A file
// may be offered twice after a crash; it is published once.
//
// # The link
//
// Who connects with the keys in session.db, or links a phone, holds session.lock, beside
// banditore.lock or without it. The daemon lets it go when its link has ended for good,
// and goes on without one: the folder, the page and erasures need none. `banditore pair`
// (pairing.go) links a phone beside it, and the daemon opens session.db anew and takes
// the link over (session.go). An old copy of session.db is never connected, whoever puts
// it there: package whatsapp parks it. The list belongs to one number (number.go).
//
// # Problems
//
// What keeps a message from leaving or a promise from being kept is a [Problem]: it is on
// the page and in `banditore status` within a minute (G11). Most can be read from the
// store; what only a loop can see, the loop notes there (problem.go).
//
// # Red lights
//
// While WhatsApp keeps us out, deliver has nothing to do (package whatsapp
// knocks, rarely). While the link stands, a brake watches how sends end: too
// much, first messages forbidden, or nobody served (brake.go). Then all waits,
// nobody is charged, and one message at a time shows when it is over. Both are
// noted in the store, so that a restart obeys them, and said in one sentence
// (condition.go).
//
// At the level debug the log names each step of a delivery and of an answer as it
// is taken; the failpoint test in bot/cli kills the process at each of them.
//
// # Stopping
//
// Stop is the reverse of start. The message in hand is finished and recorded,
// though the context has ended; after [Patience] it is given up as uncertain,
// to be tried again with its ID at the next start.
package bot
