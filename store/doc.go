// Package store keeps what banditore must not forget, in one SQLite file:
// subscribers, announcements, and the outbox of deliveries and answers. All of
// the program's SQL is here. schema.sql is the schema as it is, and delivery.go
// draws the life of a delivery.
//
// # What is promised
//
// When a method has returned without an error its change survives kill -9 and
// power loss (write-ahead log, synchronous=FULL).
//
//   - An incoming text is carried out once. The change, the answer that
//     confirms it and the note that it was handled are one transaction
//     ([Store.Handle]).
//   - A message has its WhatsApp message ID from the moment its row exists, and
//     keeps it through every attempt. A row says `sending` before anybody is
//     given it to send, and is given to one caller only.
//   - The last waiting delivery of an announcement ends it in the same
//     transaction, whatever made it the last.
//   - Who is erased leaves no byte in the file or its log ([Store.Erase]).
//     The numbers in the reports survive, because they are kept as numbers.
//
// # What may happen twice
//
// A message whose row says `sending` when the program dies is given out again,
// with the same ID ([Store.Recover]). Methods that end an attempt may find the
// row gone, when the person has unsubscribed meanwhile: that is no error.
//
// # One transaction, or more
//
// A method is one statement or one transaction, and sees one moment, but for
// these. Other goroutines and processes may come in between their parts; nothing
// of what is promised depends on that they do not.
//
//   - [Store.Publish], [Store.Stop] and [Store.Withdraw] are one transaction, and
//     tell afterwards how the announcement is: it may have gone on by then.
//   - [Store.CatchUp] is one transaction for each correction and each withdrawal,
//     [Store.Replay] one for each person: an error leaves the rest undone, and they
//     may be repeated.
//   - [Store.Expire], [Store.Purge], [Store.NoteDay] and [Store.LastSends] look
//     first, and write only if there is something to write. What has come up in
//     between waits for the next call.
//   - [Store.Erase] deletes the rows in one transaction, and then compacts;
//     [Store.Compact] is several steps outside of any. What a crash leaves undone
//     is noted, and [Store.Erased] says so until it is done.
//   - [Store.Shed] closes every connection: what is done meanwhile waits.
//   - [Store.FindCorrectable] reads the list, and then one correction after the
//     other. Who calls it is who publishes: one goroutine.
//   - [Store.ClaimRepeat] looks first, and then takes what it saw, unless its
//     recipient has left in between.
//   - [Open] carries out one transaction for each version that the database is
//     behind, and [Restore] works on files: see there.
//
// # How long the list may be
//
// What is done for one message, one receipt or one look costs the same for any
// list: rows are found by an index, in order (plan_test.go has the plans that this
// hangs on, scale_test.go the figures). What is done for everybody, to publish, to
// correct and to withdraw, is one statement in one transaction; it takes time and room
// in the log, but no memory. The log shrinks to a few megabytes again.
//
// Two things cost more the more people they concern, as long as they last. While the
// words of an urgent announcement leave and its attachment is not uploaded, a claim
// passes by the further messages of everybody who has the words. While WhatsApp caps
// new chats, it passes by whoever never wrote to us.
//
// # Time
//
// Times are stored as Unix milliseconds and come back in UTC. The zero time
// means "not yet" or "none". The store never asks for the time: callers say
// what now is.
//
// # Where it works
//
// On a local disk only: SQLite's write-ahead log needs shared memory, which
// network file systems lack. The locks need Linux: one on the directory ([Lock]),
// and one on the linked device's keys beside it ([LockSession]), so that a command
// may link a phone while the daemon runs.
package store
