package bot

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"time"
)

// clearMemory takes out of the memory who has been erased from the files: what the library
// and the databases' connections still hold, and what has been freed and not used again.
func (b *Bot) clearMemory(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, clearPatience)
	defer cancel()
	overwrite := overwriteFreed
	if b.shared {
		overwrite = func() {}
	}
	var err error
	return errors.Join(b.keeper.Line().Shed(ctx, func() {
		err = b.store.Shed(ctx, overwrite)
	}), err)
}

// clearPatience is how long the clearing waits for those who use the databases, and they
// for it.
const clearPatience = 5 * time.Second

// overwriteFreed overwrites what the garbage collector has freed: it leaves the bytes
// where they are until the place is used again, which may be never. So every free place
// is used once: of each size, for what holds pointers and for what does not, as much is
// allocated as there are free places in all. Whole pages go back to the system.
func overwriteFreed() {
	runtime.GC()
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	free := int(stats.HeapInuse-stats.HeapAlloc) + 1<<20
	sizes := []int{20480, 21760, 24576, 27264, 28672, 32768} // the rest of those in BySize
	for _, class := range stats.BySize {
		if class.Size > 0 {
			sizes = append(sizes, int(class.Size))
		}
	}
	for _, size := range sizes {
		fill[byte](free, size, size)
		fill[*byte](free, size, size/8)
	}
	debug.FreeOSMemory()
}

// fill allocates as many pieces of a size as there is room for, each of so many elements,
// and lets them go.
func fill[T any](room, size, elements int) {
	pieces := make([][]T, 0, room/size)
	for range cap(pieces) {
		pieces = append(pieces, make([]T, max(1, elements)))
	}
	runtime.KeepAlive(pieces)
}
