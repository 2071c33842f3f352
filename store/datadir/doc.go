// Package datadir is the one way to the files of a data directory.
//
// Whoever else could write in the directory once, as its user, through a group, or while it stood open, may have left
// something else there under a name of ours: a link or a hard link to a file of somebody's, which would then be cut,
// closed to others, or filled with people's data; a pipe that holds up whoever opens it; a database of their own. So
// nothing is opened because it has the right name. The directory is opened first, and must belong to the user of this
// process; what is in it is opened through it (os.Root), without following links, and judged on the descriptor: a
// regular file, with one name, of that user. A file of ours that others may read is closed to them. What does not pass
// is left as it is, and named in a [*Fault] with the line to type.
//
// SQLite opens its files by path. A [Connector] judges them right before, and again right after: they must be the same.
//
// Files outside the directory that must be as private, such as a key, are opened in the same way.
package datadir
