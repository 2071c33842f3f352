//go:build !cgo

package store

import _ "embed"

// A build without cgo ends here, before anything is compiled, and the pattern of no
// file is the sentence that it ends with.
//
//go:embed "SQLite is written in C: type `apt install gcc libc6-dev`, and do not set CGO_ENABLED to 0"
var compiler string
