// Package store keeps what banditore must not forget, in one SQLite file:
// subscribers, announcements, and the outbox of deliveries and answers. All of
// the program's SQL is here.
//
// # What is promised
//
// Every exported method is one statement or one transaction, and when it has
// returned without an error its change survives kill -9 and power loss
// (write-ahead log, synchronous=FULL).
//
//   - An incoming text is carried out once. The change, the answer that
//     confirms it and the note that it was handled are one transaction.
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
// row gone, when the person has left meanwhile: that is no error.
//
// # Time
//
// Times are stored as Unix milliseconds and come back in UTC. The zero time
// means "not yet" or "none". The store never asks for the time: callers say
// what now is.
//
// The file works on a local disk only: SQLite's write-ahead log needs shared
// memory, which network file systems lack. The locks need Linux: one on the directory
// ([Lock]), and one on the linked device's keys beside it ([LockSession]), so that a
// command may link a phone while the daemon runs.
package store
