// Package link decides who is the linked device (G10). One process at a time is: the
// one that holds session.lock. The daemon's [Keeper] holds it from the moment it has a
// link until that link has ended for good. Then a command's [Pairing], which holds it
// meanwhile, may link a phone beside the running daemon, and the keeper takes the new
// link over when it is let go. What was waiting goes on where it was.
//
// The list belongs to one number of the Comune, and so does the link ([Settle]).
//
// What may happen twice: a state is noted again when it comes again, and a link that
// somebody else was quicker to take is looked at again two seconds later.
package link
