// Package bot is the daemon: it listens to citizens, takes announcements from
// the spool folder and sends each to every subscriber, once. It assembles the
// rooms, starts and stops them (bot.go, furnish.go); what they do is theirs.
//
// # The promises
//
// Each has tests that carry its number (TestG2_…). A change that weakens one is a
// defect.
//
//	G1  Opt-in        A message leaves only for a subscriber, as the answer to a message that somebody just sent,
//	                  or for a preview number of the configuration. WhatsApp is never asked about any other number.
//	G2  Once          Every subscriber is shown every announcement exactly once, whatever crashes, whenever.
//	G3  Nothing lost  A registration or a cancellation that WhatsApp handed over is carried out, and an accepted
//	                  announcement is sent or its failure is reported, across kill -9, power loss, a full disk, days offline.
//	G4  Private       No citizen's number, name or text in a log, a metric, a report, a status page or an error.
//	G5  Forgotten     Within five minutes after the goodbye message is acknowledged, no file of ours holds the number,
//	                  the LID or the name, in any form. Tests search the bytes.
//	G6  Hours         Ordinary news only inside the configured hours, in the Comune's time zone, across changes of the
//	                  clock, from the launch date on. Urgent ones always.
//	G7  Gentle        The configured pace and daily ceiling are never exceeded. When WhatsApp says stop, everything
//	                  stops, nothing is marked failed, people are told, and it resumes where it was.
//	G8  No file       Every file dropped ends as sent or refused, with a report in Italian beside it.
//	    vanishes
//	G9  No input      No text, file, stanza or configuration makes it crash, hang, leak or grow without bound.
//	    breaks it
//	G10 One owner     Only the configured number can be linked; one daemon per data directory; the keys are readable by
//	                  one user; root trusts nothing in a directory of somebody else.
//	G11 Seen          Nothing waits, fails or is owed in silence: what keeps a message from leaving or a promise from
//	                  being kept is on the page and in `banditore status` within a minute, with what to do.
//
// # Which loop may touch what
//
// Each loop is a type in a room of its own. Its fields are its own; what it shares
// with others is the [store.Store], bells that carry nothing, and the functions that
// furnish hands it.
//
//	receive   inbox    the order of incoming texts, the gap   wakes on an event from WhatsApp         never sends
//	intake    intake   the spool folder, its files            wakes on a folder event, a slow timer   never touches the network
//	upload    outbox   attachments on WhatsApp's side         wakes on a bell, a reconnect            never writes to anybody
//	deliver   outbox   everything that leaves; the brake;     wakes on the next due time, a bell      never reads the folder
//	                   through upkeep, erasures
//	page      desk     stato.html, reports that follow        wakes on a change, or when a forecast   never writes the store
//	                   receipts                               is past; at most once a second
//	link      link     the hold on session.db, the line       wakes on a change, a slow timer         never sends
//
// Receive has no goroutine of its own: WhatsApp's handler calls it, one text at a
// time, and the text is acknowledged to the server only after the transaction that
// carries out the wish and writes its answer to the outbox has been committed (G3).
// Deliver takes that answer from there. WhatsApp's other words come on its goroutines
// too: receipts, and what it says of our sending, are the outbox's; that a number and
// a LID are one person's is the inbox's; when the phone was seen, the intake's; how
// the link is, the link's.
//
// Deliver has a helper: while it sends, one goroutine of its own asks WhatsApp about the
// recipients who come next, and it waits for that one when it stops.
//
// Four things are called by a loop that is not their room's, and guard what they share:
// deliver asks the inbox whether the phone's history is still waited for, and has it
// end the gap; it has the inbox carry out what a newly known identity reveals; intake
// asks the uploader whether urgent words should wait any longer for an attachment; and
// intake, upload and upkeep tell the desk of problems, and it notes them in the store.
//
// # The life of one delivery
//
//  1. intake claims the file, and what is attached to it, and publishes it: one
//     transaction writes the announcement and, for each subscriber, a delivery
//     with its own message ID for each message of it (package message).
//  2. upload brings the attachments to WhatsApp, once for all; urgent words do not
//     wait for it long. deliver claims the next delivery the pace allows. The row
//     says `sending` before the network hears of it. Without a pace, urgent ones are
//     claimed a window at a time, in one transaction.
//  3. whatsapp sends it; those that were claimed together are encrypted together and
//     are on the wire together. WhatsApp's server takes each (`sent`), refuses it
//     (`failed`), or the outcome is unknown: then the row waits for another
//     attempt with the same message ID. The brake judges each by itself, and what they
//     have come to is written in one transaction.
//  4. receipts turn `sent` into `delivered` and `read`, many in one transaction.
//  5. the last delivery ends the announcement; intake files it away with a
//     report.
//
// The states and every way between them are drawn in store/delivery.go. A correction
// and a withdrawal are announcements too, whose messages change or delete others: what
// is true of a delivery is true of them.
//
// # What may happen twice
//
// A message may leave twice when the daemon is killed between the server's
// answer and our commit. It leaves with the same ID, and a phone shows an ID
// once (G2). Of urgent messages that leave together it may be two windows: one whose
// answers are being judged, and one on the wire. Receipts come again that were not yet
// in a committed batch. A text may be handed over twice; its ID is handled once. A file
// may be offered twice after a crash; it is published once.
//
// # Stopping
//
// When the context of Run ends, each loop finishes what it has in hand: a message on
// its way gets [outbox.Patience] to be answered and its outcome is recorded, the page
// is written a last time. Run returns when all have; Close then undoes Open in reverse.
//
// At the level debug the log names each step of a delivery and of an answer as it
// is passed: a test kills the daemon at every one of them, the first or a later time.
// It names no message: an ID in a log is one that somebody could speak of.
package bot
