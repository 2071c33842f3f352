package media

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// monitor is a profile as a screenshot carries it: of a monitor with its number, by
// somebody, on a day.
func monitor(space string, version byte) []byte {
	clean := icc(space, 600)
	head := bytes.Clone(clean[:128])
	head[8] = version
	copy(head[4:8], "appl")
	copy(head[24:36], "\x07\xea\x00\x0b\x00\x1e\x00\x0a\x00\x1e\x00\x05")
	copy(head[40:], "APPL\x00\x00\x00\x0145.6258\x00")
	copy(head[80:], "secret-place 45.6258")
	copy(head[100:], "Camera of the mayor")
	var tags []iccTag
	for name, data := range iccTags(clean) {
		data = append(bytes.Clone(data), "secret-place"...)
		copy(data[4:8], "SN12") // of no meaning
		tags = append(tags, iccTag{name, data})
	}
	for _, name := range []string{"desc", "cprt", "dmnd", "dmdd", "mmod", "ndin", "vcgt", "meta", "targ", "calt", "psid", "zzzz"} {
		tags = append(tags, iccTag{name, []byte("text\x00\x00\x00\x00Camera of the mayor, room 12, SN 45.6258\x00")})
	}
	return assemble(head, tags)
}

// A picture keeps how its colours are, and nothing else of its profile: not the
// monitor's number, nor who measured it, where and when.
func TestProfilesKeepColoursAlone(t *testing.T) {
	t.Parallel()
	for _, version := range []byte{2, 4} {
		dirty := monitor("RGB ", version)
		for name, data := range map[string][]byte{
			"foto.jpg":      withSegments(asJPEG(t, drawing(30, 30), 80), segment(0xe2, profileName+"\x01\x01"+string(dirty))),
			"grande.jpg":    withSegments(asJPEG(t, drawing(3000, 30), 80), segment(0xe2, profileName+"\x01\x01"+string(dirty))),
			"schermata.png": withChunks(asPNG(t, drawing(30, 30)), chunk("iCCP", string(packProfile(dirty)))),
			"foto.webp":     webpOf(fixture(t, "plain.webp"), 40, 24, 0x20, riffChunk("ICCP", dirty)),
		} {
			f := accepted(t, name, data)
			kept := profileOf(f.Data)
			if kept == nil {
				t.Errorf("%s, version %d: the colours are gone", name, version)
				continue
			}
			for _, secret := range append(secrets, "room 12", "SN12", "\x07\xea\x00\x0b", "appl", "APPL") {
				if bytes.Contains(kept, []byte(secret)) {
					t.Errorf("%s, version %d: %q stays in the profile", name, version, secret)
				}
			}
			old, now := iccTags(dirty), iccTags(kept)
			for _, colour := range []string{"wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"} {
				if len(now[colour]) < 20 || !bytes.HasPrefix(old[colour][8:], now[colour][8:]) {
					t.Errorf("%s, version %d: %s is not what it was", name, version, colour)
				}
			}
			if !bytes.Equal(plainProfile(kept, 3), kept) {
				t.Errorf("%s, version %d: what is kept is not plain", name, version)
			}
		}
	}
}

// profileOf finds the profile in what leaves.
func profileOf(data []byte) []byte {
	if bytes.HasPrefix(data, []byte(pngMagic)) {
		at := bytes.Index(data, []byte("iCCP"))
		if at < 0 {
			return nil
		}
		return unpackProfile(data[at+4:], 3)
	}
	var parts profileParts
	for rest := data[2:]; ; {
		mark, body, after, r := nextSegment(rest)
		if r != nil || mark == markSOS {
			return parts.join()
		}
		if mark == markAPP0+2 {
			parts.add(body[len(profileName):])
		}
		rest = after
	}
}

// Tables of colours stay as far as they go; what is no such table does not.
func TestProfilesWithTables(t *testing.T) {
	t.Parallel()
	table := append([]byte("mft1\x00\x00\x00\x00\x03\x03\x02\x00"), make([]byte, 36+3*256+8*3+3*256)...)
	wide := append([]byte("mft2\x00\x00\x00\x00\x03\x03\x02\x00"), make([]byte, 36)...)
	wide = append(append(wide, 0, 2, 0, 2), make([]byte, 2*(2*3+8*3+2*3))...)
	white := iccTags(icc("RGB ", 200))["wtpt"]
	for name, c := range map[string]struct {
		tags []iccTag
		kept bool
	}{
		"8 bits":                            {[]iccTag{{"wtpt", white}, {"A2B0", append(bytes.Clone(table), "secret-place"...)}}, true},
		"16 bits":                           {[]iccTag{{"wtpt", white}, {"A2B0", append(bytes.Clone(wide), "secret-place"...)}}, true},
		"cut short":                         {[]iccTag{{"wtpt", white}, {"A2B0", table[:700]}}, false},
		"of a kind that nobody takes apart": {[]iccTag{{"wtpt", white}, {"A2B0", append([]byte("mAB \x00\x00\x00\x00secret-place"), table...)}}, false},
		"nothing":                           {[]iccTag{{"wtpt", white}}, false},
		"no white":                          {[]iccTag{{"A2B0", table}}, false},
	} {
		profile := plainProfile(assemble(iccHead(icc("RGB ", 200)), c.tags), 3)
		if (profile != nil) != c.kept || bytes.Contains(profile, []byte("secret")) {
			t.Errorf("%s: a profile of %d bytes", name, len(profile))
		}
	}
	whole := icc("RGB ", 400)
	for n := 132; n < len(whole); n++ { // cut anywhere, with the length made good
		cut := bytes.Clone(whole[:n])
		binary.BigEndian.PutUint32(cut, uint32(len(cut)))
		plainProfile(cut, 3)
	}
}
