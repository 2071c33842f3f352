package media

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// onlyTheEncoderIsGone compares the pictures and the sound of a real video with what
// leaves: the options of the encoder and its name are padding now, all else is as
// it was.
func onlyTheEncoderIsGone(t *testing.T, name string, before, after []byte) {
	t.Helper()
	at := bytes.Index(before, []byte("mdat"))
	end := at - 4 + int(binary.BigEndian.Uint32(before[at-4:]))
	options := bytes.Index(before[at:end], []byte("x264 - core"))
	if options < 0 {
		t.Fatalf("%s: the encoder does not name itself: this test looks at nothing", name)
	}
	from := at + bytes.LastIndex(before[at:at+options], []byte{unitSEI, 5})
	to := at + options + bytes.IndexByte(before[at+options:end], 0x80) + 1
	want := bytes.Clone(before[at:end])
	copy(want[from-at:], after[from:to])
	if sound := bytes.Index(want, []byte("Lavc")); sound >= 0 {
		version := len(want[sound+4:]) - len(bytes.TrimLeft(want[sound+4:], ".0123456789"))
		clear(want[sound : sound+4+version])
	}
	if !bytes.Equal(want, after[at:end]) {
		t.Errorf("%s: pictures or sound were changed", name)
	}
	for _, word := range []string{"x264", "Lavc", "rc=crf"} {
		if bytes.Contains(after, []byte(word)) {
			t.Errorf("%s: the encoder still tells of itself: %q", name, word)
		}
	}
	if padding := after[from+1 : to-1]; after[from] != unitPadding || len(bytes.Trim(padding, "\xff")) > 0 || after[to-1] != 0x80 {
		t.Errorf("%s: in its place stands %x", name, after[from:to])
	}
}

// unit is a unit of H.264 behind its length.
func unit(kind byte, body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(1+len(body)))
	return append(append(out, kind), body...)
}

// What stands beside the pictures goes, whoever put it there; what players need stays.
func TestWhatStandsBesideThePictures(t *testing.T) {
	t.Parallel()
	words := "secret-place 45.6258 Camera of the mayor"
	size := string(byte(len(words)))
	for name, c := range map[string]struct {
		unit []byte
		kept bool
	}{
		"a picture":                {unit(0x65, words), true},
		"a set of parameters":      {unit(0x67, words), true},
		"options":                  {unit(6, "\x05"+size+words+"\x80"), false},
		"options, numbered high":   {unit(6, "\xff\x05"+size+words+"\x80"), false},
		"of the maker":             {unit(6, "\x04"+size+words+"\x80"), false},
		"captions":                 {unit(6, "\x04\x08\xb5\x00\x31GA94\x03\x80"), true},
		"which way is up":          {unit(6, "\x2f\x03\x80\x00\x48\x80"), true},
		"when to show":             {unit(6, "\x00\x02ab\x01\x03\x00\x00\x03\x01\x80"), true},
		"when to show, and more":   {unit(6, "\x00\x02ab\x05"+size+words+"\x80"), false},
		"padding":                  {unit(6, "\x03"+size+words+"\x80"), false},
		"behind the end":           {unit(6, "\x06\x01\x01\x80"+words), false},
		"longer than it is":        {unit(6, "\x05\xff"+words+"\x80"), false},
		"without an end":           {unit(6, "\x06\x01\x01"), false},
		"padding of its own":       {unit(0x2c, words), false},
		"of no kind":               {unit(0, words), false},
		"of a kind for nobody":     {unit(31, words), false},
		"nothing":                  {unit(6, ""), false},
		"a film without any units": {[]byte(words)[:8], true},
	} {
		sample := slices.Concat(unit(0x09, "\xf0"), bytes.Clone(c.unit), unit(0x41, "picture"))
		quietUnits(sample, 4)
		got := sample[6 : 6+len(c.unit)]
		if bytes.Equal(got, c.unit) != c.kept || !c.kept && got[4] != unitPadding {
			t.Errorf("%s: %q", name, got)
		}
		if !bytes.Equal(sample[:6], unit(0x09, "\xf0")) || !bytes.HasSuffix(sample, unit(0x41, "picture")) {
			t.Errorf("%s: what is beside it was changed: %q", name, sample)
		}
		again := bytes.Clone(sample)
		if quietUnits(again, 4); !bytes.Equal(again, sample) {
			t.Errorf("%s: the second time more is taken away", name)
		}
	}
}

// In the configuration of a track there are units too, and a place behind them.
func TestTheConfigurationOfAVideo(t *testing.T) {
	t.Parallel()
	message := "\x06\x05\x0csecret-place\x80"
	list := func(units ...string) (out string) {
		for _, u := range units {
			out += string([]byte{0, byte(len(u))}) + u
		}
		return out
	}
	for _, profile := range []string{"\x42", "\x64"} {
		config := "\x01" + profile + "\x00\x1e\xff\xe1" + list("\x67parameters") + "\x02" + list("\x68more", message)
		if profile == "\x64" {
			config += "\xfd\xf8\xf8\x01" + list(message)
		}
		entry := boxOf("avc1", make([]byte, 78), boxOf("avcC", []byte(config+"secret-place")),
			boxOf("colr", []byte("prof"), icc("RGB ", 200), []byte("secret-place")))
		copy(entry[8+12:], "secr")
		m := movie{out: entry}
		list, _ := boxes(m.out, 0)
		if r := m.pictures(list[0]); r != nil || m.length != 4 {
			t.Fatalf("%v, lengths of %d bytes", r, m.length)
		}
		if bytes.Contains(m.out, []byte("secr")) || !bytes.Contains(m.out, []byte("\x67parameters")) || !bytes.Contains(m.out, []byte("\x68more")) {
			t.Errorf("profile %x: %q", profile, m.out)
		}
		for n := range len(config) { // cut anywhere
			quietConfiguration([]byte(config)[:n])
		}
	}
	numbers := boxOf("avc1", make([]byte, 78), boxOf("colr", []byte("nclx\x00\x01\x00\x01\x00\x01\x00")))
	m := movie{out: bytes.Clone(numbers)}
	list1, _ := boxes(m.out, 0)
	if r := m.pictures(list1[0]); r != nil || !bytes.Equal(m.out, numbers) {
		t.Error("the colours in numbers are gone")
	}
}

// An encoder of sound names itself in the padding of its first sample.
func TestTheEncoderOfTheSound(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"\xdc\x00Lavc59.37.100\x00B": "\xdc\x00" + string(make([]byte, 13)) + "\x00B",
		"xlibfaac 1.28 y":            "x" + string(make([]byte, 13)) + "y",
		"sound Lavc of chance":       "sound Lavc of chance",
		"Lavc":                       "Lavc",
	} {
		sample := []byte(words)
		if quietSound(sample); string(sample) != want {
			t.Errorf("%q becomes %q", words, sample)
		}
	}
}
