package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"testing"
)

// refusedWell checks an error of Read; true when there is one.
func refusedWell(t *testing.T, err error) bool {
	if err == nil {
		return false
	}
	r, ok := err.(*Refusal)
	if !ok {
		t.Fatalf("not a refusal: %v", err)
	}
	wellSaid(t, r)
	return true
}

func FuzzPicture(f *testing.F) {
	for _, name := range []string{"lossy.webp", "lossless.webp", "plain.webp", "animated.webp", "cmyk.jpg", "progressive.jpg"} {
		f.Add(fixture(f, name))
	}
	f.Add(withSegments(asJPEG(f, drawing(20, 12), 80), segment(0xe1, "Exif\x00\x00"+string(exif(6, binary.BigEndian))), segment(0xe2, profileName+"\x01\x01"+string(icc("RGB ", 200)))))
	f.Add(withChunks(asPNG(f, drawing(20, 12)), chunk("eXIf", string(exif(3, binary.BigEndian))), chunk("tEXt", "x"), chunk("iCCP", string(packProfile(icc("RGB ", 200))))))
	f.Add(asPNG(f, image.NewGray16(image.Rect(0, 0, 5, 5))))
	f.Fuzz(func(t *testing.T, data []byte) {
		if cfg, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && cfg.Width*cfg.Height > 1e6 {
			return // bombs have their own test; here they only take time
		}
		for _, name := range []string{"a.jpg", "a.png", "a.webp"} {
			p, err := Read(name, data)
			if refusedWell(t, err) {
				continue
			}
			if m := decoded(t, p.Data).Bounds(); m.Dx() != p.Width || m.Dy() != p.Height || max(p.Width, p.Height) > maxSide {
				t.Errorf("%v, but it says %d × %d", m, p.Width, p.Height)
			}
			smallThumbnail(t, p)
			if p.MIME == "image/jpeg" {
				onlyKnownSegments(t, p.Data)
			} else {
				onlyKnownChunks(t, p.Data)
			}
			if again, err := Read(map[bool]string{true: "a.jpg", false: "a.png"}[p.MIME == "image/jpeg"], p.Data); err != nil || again.Changed {
				t.Errorf("what leaves is not clean: %v, changed again %v", err, again.Changed)
			}
		}
	})
}

func onlyKnownSegments(t *testing.T, data []byte) {
	for rest := data[2:]; ; {
		mark, body, after, r := nextSegment(rest)
		if r != nil {
			t.Fatal(r)
		}
		if mark == markEOI {
			if len(after) > 0 {
				t.Errorf("%d bytes after the end", len(after))
			}
			return
		}
		rest = after
		if mark == markSOS {
			rest = rest[scanLength(rest):]
		}
		known := mark == markAPP0 && len(body) == 14 || mark == markAPP0+14 && len(body) == 12 || mark == markAPP0+2 && bytes.HasPrefix(body, []byte(profileName))
		if mark >= markAPP0 && !known {
			t.Errorf("a segment %x of %d bytes leaves", mark, len(body))
		}
	}
}

func onlyKnownChunks(t *testing.T, data []byte) {
	for rest := data[8:]; len(rest) > 0; {
		n := int(binary.BigEndian.Uint32(rest))
		name := string(rest[4:8])
		if _, ok := keptChunk(name); !ok && name != "IHDR" && name != "IEND" && name != "iCCP" {
			t.Errorf("a chunk %q leaves", name)
		}
		rest = rest[12+n:]
		if name == "IEND" && len(rest) > 0 {
			t.Errorf("%d bytes after the end", len(rest))
		}
	}
}

func FuzzPDF(f *testing.F) {
	for _, name := range []string{"three.pdf", "objectstreams.pdf", "linearized.pdf", "open-40.pdf", "locked-aes.pdf", "locked-256.pdf"} {
		f.Add(fixture(f, name))
	}
	for _, name := range []string{"script-packed.pdf", "script-40.pdf", "script-aes.pdf", "script-r5.pdf"} {
		f.Add(fixture(f, name))
	}
	f.Add(doing("/OpenAction 4 0 R/Metadata 7 0 R", "6 0 obj<</Author(a)/Title<61>/Producer 5 0 R>>endobj", paper("/Filter/FlateDecode", deflated(xmp)), "5 0 obj<</Subtype/Text/T(a)>>endobj"))
	f.Add(doing("", packed("/Filter[/AHx/FlateDecode]/DecodeParms[null<</Predictor 12/Columns 5>>]", "00>"), paper("", xmp), "5 0 obj<</ByteRange[0 1]>>endobj"))
	f.Add(pdfOf(root, first, objectStream(9, 3, 14, "2 0 3 21 4 28 <</Kids[3 0 R 4 0 R]>><<    >><<    >>")))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Read("a.pdf", data)
		if refusedWell(t, err) {
			return
		}
		if len(p.Data) > len(data) || p.Pages < 0 || p.Pages > maxPages {
			t.Errorf("%d pages; %d bytes of %d", p.Pages, len(p.Data), len(data))
		}
		if again, err := Read("a.pdf", p.Data); err != nil || again.Changed {
			t.Errorf("what leaves is not clean: %v, changed again %v", err, again.Changed)
		}
		if last := bytes.TrimRight(p.Data, "\r\n"); !bytes.HasSuffix(last, []byte("%%EOF")) {
			t.Errorf("it ends in %q", last[max(0, len(last)-20):])
		}
	})
}

func FuzzMP4(f *testing.F) {
	for _, name := range []string{"video.mp4", "turned.mp4", "silent.mp4", "hevc.mp4", "fragmented.mp4", "film.mov"} {
		f.Add(fixture(f, name))
	}
	f.Add(film{camera: true, sound: "mp4a"}.build())
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Read("a.mp4", data)
		if refusedWell(t, err) {
			return
		}
		if len(p.Data) != len(data) || p.Width <= 0 || p.Height <= 0 || p.Seconds < 0 {
			t.Errorf("%d bytes of %d, %d × %d, %d seconds", len(p.Data), len(data), p.Width, p.Height, p.Seconds)
		}
		top, r := boxes(p.Data, 0)
		if r != nil {
			t.Fatal(r)
		}
		moov, _ := find(top, "moov")
		inside, _ := boxes(moov.body, moov.start)
		for _, b := range append(top, inside...) {
			if b.name == "udta" || b.name == "meta" || b.name == "uuid" {
				t.Errorf("a box %q leaves", b.name)
			}
		}
		if again, err := Read("a.mp4", p.Data); err != nil || again.Changed {
			t.Errorf("what leaves is not clean: %v, changed again %v", err, again.Changed)
		}
	})
}
