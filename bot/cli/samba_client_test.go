package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// client is a connection of its own that does what the commands say.
func (s *smb) client(share string, commands ...string) *exec.Cmd {
	args := []string{"--no-pass", "--configfile=" + s.conf, fmt.Sprintf("--port=%d", s.port), "//127.0.0.1/" + share}
	if len(commands) > 0 {
		args = append(args, "--command="+strings.Join(commands, "; "))
	}
	cmd := exec.Command("smbclient", args...)
	cmd.Dir = s.dir
	return cmd
}

// do runs commands to their end and returns what the client said. A "NT_STATUS"
// in it is an error: the exit code tells of the last command only.
func (s *smb) do(share string, commands ...string) (string, error) {
	out, err := s.client(share, commands...).CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("NT_STATUS")) {
		return string(out), fmt.Errorf("smbclient %q: %w\n%s", commands, err, out)
	}
	return string(out), nil
}

// must is do that may not fail.
func (s *smb) must(t *testing.T, share string, commands ...string) string {
	t.Helper()
	out, err := s.do(share, commands...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// file makes a file for the client to put and returns its name.
func (s *smb) file(t *testing.T, content string) string {
	t.Helper()
	f, err := os.CreateTemp(s.dir, "put")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(content); err != nil {
		t.Fatal(err)
	}
	return filepath.Base(f.Name())
}

// get reads files of one folder through the share, over one connection.
func (s *smb) get(t *testing.T, share, folder string, names []string, suffix string) (contents []string) {
	t.Helper()
	if len(names) == 0 {
		return nil
	}
	var locals []string
	commands := []string{"cd " + folder}
	for _, name := range names {
		locals = append(locals, s.file(t, ""))
		commands = append(commands, fmt.Sprintf(`get "%s" %s`, name+suffix, locals[len(locals)-1]))
	}
	s.must(t, share, commands...)
	for _, local := range locals {
		b, err := os.ReadFile(filepath.Join(s.dir, local))
		if err != nil {
			t.Fatal(err)
		}
		contents = append(contents, string(b))
	}
	return contents
}

// has looks into the folder itself.
func (s *smb) has(folder, name string) bool { return exists(filepath.Join(s.spool, folder, name)) }

// await waits until a file is in a folder.
func (s *smb) await(t *testing.T, folder, name string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !s.has(folder, name) {
		if err := tick(ctx); err != nil {
			t.Fatalf("%s never came to %s", name, folder)
		}
	}
}

// left lists the files in the folders in which none may stay.
func (s *smb) left(t *testing.T) (files []string) {
	t.Helper()
	for _, folder := range []string{"da_inviare", "urgenti", "in_invio", "scartati"} {
		entries, err := os.ReadDir(filepath.Join(s.spool, folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			files = append(files, folder+"/"+e.Name())
		}
	}
	return files
}

// putOpen puts a file and keeps it open on the server: nothing is known of its
// end before this side closes it.
func (s *smb) putOpen(t *testing.T, share, name string, pieces []string, between time.Duration) {
	t.Helper()
	cmd := s.client(share, fmt.Sprintf(`iosize 16384; put /dev/stdin "%s"`, name))
	drip(t, cmd, pieces, between)
}

// putGrowing saves a file anew with every piece of it, as an editor does. It is
// closed after each.
func (s *smb) putGrowing(t *testing.T, share, name string, pieces []string, between time.Duration) {
	t.Helper()
	var commands []string
	for i := range pieces {
		commands = append(commands, fmt.Sprintf("put %s \"%s\"\n", s.file(t, strings.Join(pieces[:i+1], "")), name))
	}
	drip(t, s.client(share), commands, between)
}

// drip runs a client to which one piece after the other is said.
func drip(t *testing.T, cmd *exec.Cmd, pieces []string, between time.Duration) {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Error(err)
		return
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return
	}
	tick := time.NewTicker(between)
	defer tick.Stop()
	for _, piece := range pieces {
		if _, err := io.WriteString(in, piece); err != nil {
			t.Errorf("the client hears no more: %v", err)
		}
		<-tick.C
	}
	in.Close()
	if err := cmd.Wait(); err != nil || strings.Contains(out.String(), "NT_STATUS") {
		t.Errorf("smbclient: %v\n%s", err, out.String())
	}
}

// noise is a JPEG picture in which nothing can be compressed, the same every time.
func noise() string {
	picture := image.NewGray(image.Rect(0, 0, 1800, 1700))
	rand.NewChaCha8([32]byte{}).Read(picture.Pix)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: 92}); err != nil {
		panic(err)
	}
	return b.String()
}

// dropThroughMount works where the kernel can mount a share; not even CI's must.
func dropThroughMount(t *testing.T, s *smb, share string) {
	kernel, err := os.ReadFile("/proc/filesystems")
	if err != nil || !strings.Contains(string(kernel), "cifs") {
		t.Skip("this kernel cannot mount a share (no cifs in /proc/filesystems)")
	}
	if _, err := exec.LookPath("mount.cifs"); err != nil {
		t.Skip("no mount.cifs, which is in Debian's package cifs-utils")
	}
	dir := t.TempDir()
	options := fmt.Sprintf("guest,port=%d,iocharset=utf8", s.port)
	if out, err := exec.Command("mount", "-t", "cifs", "-o", options, "//127.0.0.1/"+share, dir).CombinedOutput(); err != nil {
		t.Skipf("this machine may not mount a share: %v\n%s", err, out)
	}
	defer syscall.Unmount(dir, 0)
	f, err := os.Create(filepath.Join(dir, "da_inviare", "rete.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range pieces("Attraverso il disco di rete.", 8) {
		if _, err := f.WriteString(piece); err != nil {
			t.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			t.Fatal(err)
		}
		pause(settleOnShare / 2)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
