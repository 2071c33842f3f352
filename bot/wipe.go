package bot

// What C code frees is overwritten at once, in wipe.c: SQLite's pages and statements hold
// rows, and what is free may never be used again.

/*
#include <stddef.h>
*/
import "C"
