package main

import (
	"errors"
	"os"
	"runtime/pprof"
)

// Profiler lets a client's process tell where its CPU time goes.
type Profiler struct{ file *os.File }

// BeginProfile writes a CPU profile into a file from now on.
func (p *Profiler) BeginProfile(name string, _ *Nothing) (err error) {
	if p.file, err = os.Create(name); err != nil {
		return err
	}
	return pprof.StartCPUProfile(p.file)
}

// EndProfile ends what BeginProfile began.
func (p *Profiler) EndProfile(_ Nothing, _ *Nothing) error {
	if p.file == nil {
		return errors.New("no profile was begun")
	}
	pprof.StopCPUProfile()
	return p.file.Close()
}
