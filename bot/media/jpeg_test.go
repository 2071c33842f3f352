package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"strings"
	"testing"
)

// allMetadata is a JPEG with everything that cameras, phones and editors hang on.
func allMetadata(t *testing.T, orientation int) (clean, dirty []byte) {
	clean = asJPEG(t, drawing(64, 48), 80)
	dirty = withSegments(clean,
		segment(0xe0, "JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x01\x01secret-place"), // with a picture of one point, and more
		segment(0xe0, "JFXX\x00\x10secret-place"),
		segment(0xe1, "Exif\x00\x00"+string(exif(orientation, binary.LittleEndian))),
		segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>secret-place</x:xmpmeta>"),
		segment(0xe2, "MPF\x00secret-place"),
		segment(0xe2, "ICC_PROFILE\x00\x01\x01no profile: secret-place"),
		segment(0xed, "Photoshop 3.0\x008BIM\x04\x04secret-place"),
		segment(0xee, "Adobe\x00\x64\x00\x00\x00\x00\x01secret-place"),
		segment(0xee, "Ducky secret-place"),
		segment(0xef, "secret-place"),
		segment(0xfe, "a comment: <script>secret-place</script>"),
		[]byte("secret-place between segments"),
	)
	dirty = append(dirty, withSegments(clean, segment(0xe1, "secret-place"))...) // the further picture of a phone
	return clean, append(dirty, "PK\x03\x04 secret-place"...)
}

func TestJPEGLosesEverythingButThePicture(t *testing.T) {
	t.Parallel()
	clean, dirty := allMetadata(t, 1)
	if !bytes.Contains(dirty, []byte("45.6258")) {
		t.Fatal("there is no place in the photo: this test looks at nothing")
	}
	f := accepted(t, "festa.jpg", dirty)
	if f.Kind != Image || f.MIME != "image/jpeg" || f.Width != 64 || f.Height != 48 || !f.Changed {
		t.Errorf("kind %q, type %q, %d × %d, changed %v", f.Kind, f.MIME, f.Width, f.Height, f.Changed)
	}
	want := withSegments(clean,
		segment(0xe0, "JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x00\x00"),
		segment(0xee, "Adobe\x00\x64\x00\x00\x00\x00\x01"))
	if !bytes.Equal(f.Data, want) {
		t.Errorf("more or less than the metadata was changed:\n%q\n%q", f.Data[:80], want[:80])
	}
	if got, want := decoded(t, f.Data), decoded(t, clean); !samePoints(got, want) {
		t.Error("the points are not those of the original")
	}
}

func samePoints(a, b image.Image) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if color.NRGBA64Model.Convert(a.At(x, y)) != color.NRGBA64Model.Convert(b.At(x, y)) {
				return false
			}
		}
	}
	return true
}

func TestCleanPicturesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"plain.jpg":       asJPEG(t, drawing(64, 48), 80),
		"one point.jpg":   asJPEG(t, drawing(1, 1), 80),
		"grey.JPEG":       asJPEG(t, image.NewGray(image.Rect(0, 0, 20, 30)), 80),
		"progressive.jpg": fixture(t, "progressive.jpg"),
		"widest.jpg":      asJPEG(t, drawing(maxSide, 10), 80),
		"plain.PNG":       asPNG(t, drawing(64, 48)),
		"16 bits.png":     asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 9, 9))),
		"grey.png":        asPNG(t, image.NewGray16(image.Rect(0, 0, 9, 9))),
		"palette.png":     asPNG(t, image.NewPaletted(image.Rect(0, 0, 9, 9), color.Palette{color.White, color.NRGBA{9, 9, 9, 9}})),
	} {
		if f := accepted(t, name, data); f.Changed || !bytes.Equal(f.Data, data) {
			t.Errorf("%s was changed", name)
		}
	}
}

// A poster as the printing press got it looks the same to every phone.
func TestInkBecomesLight(t *testing.T) {
	t.Parallel()
	data := fixture(t, "cmyk.jpg")
	f := accepted(t, "cmyk.jpg", data)
	before, after := decoded(t, data), decoded(t, f.Data)
	if _, ok := after.(*image.YCbCr); !ok || f.MIME != "image/jpeg" || after.Bounds() != before.Bounds() || f.Width != after.Bounds().Dx() {
		t.Fatalf("%T of %v, of %v before", after, after.Bounds(), before.Bounds())
	}
	middle := image.Pt(f.Width/2, f.Height/2)
	r, g, b, _ := before.At(middle.X, middle.Y).RGBA()
	r2, g2, b2, _ := after.At(middle.X, middle.Y).RGBA()
	for _, c := range [][2]uint32{{r, r2}, {g, g2}, {b, b2}} {
		if d := int(c[0]>>8) - int(c[1]>>8); d < -24 || d > 24 {
			t.Errorf("the middle was %d %d %d, and is %d %d %d", r>>8, g>>8, b>>8, r2>>8, g2>>8, b2>>8)
		}
	}
}

func TestPhotosAreTurnedUpright(t *testing.T) {
	t.Parallel()
	// What is seen at the four corners, clockwise, of a picture stored as rgkb.
	for orientation, want := range []string{1: "rgkb", 2: "grbk", 3: "kbrg", 4: "bkgr", 5: "rbkg", 6: "brgk", 7: "kgrb", 8: "gkbr"} {
		if want == "" {
			continue
		}
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			block := exif(orientation, order)
			for _, side := range []int{64, maxSide + 100} { // as it is, and also scaled
				stored := withSegments(asJPEG(t, drawing(side, 40), 80), segment(0xe1, "Exif\x00\x00"+string(block)))
				upright(t, "stored.jpg", stored, orientation, want)
			}
			upright(t, "stored.png", withChunks(asPNG(t, drawing(64, 40)), chunk("eXIf", string(block))), orientation, want)
		}
	}
}

func upright(t *testing.T, name string, stored []byte, orientation int, want string) {
	t.Helper()
	f := accepted(t, name, stored)
	m := decoded(t, f.Data)
	if got := corners(m); got != want {
		t.Errorf("%s, orientation %d: corners %s, want %s", name, orientation, got, want)
	}
	if got := corners(decoded(t, f.Thumbnail)); orientation < 5 && f.Width < 100 && got != want {
		t.Errorf("%s, orientation %d: corners of the thumbnail %s, want %s", name, orientation, got, want)
	}
	if lies := f.Width > f.Height; lies != (orientation < 5) || f.Width != m.Bounds().Dx() || f.Height != m.Bounds().Dy() {
		t.Errorf("%s, orientation %d: %d × %d, decoded %v", name, orientation, f.Width, f.Height, m.Bounds())
	}
	if exifOrientation(f.Data) != 1 || bytes.Contains(f.Data, []byte("Exif")) || bytes.Contains(f.Data, []byte("eXIf")) {
		t.Errorf("%s, orientation %d: it would be turned twice", name, orientation)
	}
}

func TestOrientationsOutsideTheStandardAreUpright(t *testing.T) {
	t.Parallel()
	good := exif(6, binary.BigEndian)
	if exifOrientation(good) != 6 {
		t.Fatal("the block of this test has no orientation")
	}
	for n := range len(good) {
		if o := exifOrientation(good[:n]); o != 1 && o != 6 {
			t.Errorf("cut at %d: orientation %d", n, o)
		}
	}
	for _, o := range []int{0, 9, 255, 65535} {
		if got := exifOrientation(exif(o, binary.LittleEndian)); got != 1 {
			t.Errorf("orientation %d is taken for %d", o, got)
		}
	}
}

func TestLargePicturesAreScaled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ w, h, wantW, wantH int }{
		{2880, 360, 2560, 320}, {360, 2880, 320, 2560}, {5000, 1, 2560, 1}, {2561, 7, 2560, 7},
	} {
		f := accepted(t, "grande.jpg", asJPEG(t, drawing(c.w, c.h), 60))
		if f.Width != c.wantW || f.Height != c.wantH || !f.Changed {
			t.Errorf("%d × %d became %d × %d", c.w, c.h, f.Width, f.Height)
		}
		if m := decoded(t, f.Data); m.Bounds().Dx() != c.wantW || m.Bounds().Dy() != c.wantH {
			t.Errorf("%d × %d became %v", c.w, c.h, m.Bounds())
		} else if c.h > 100 && corners(m) != "rgkb" {
			t.Errorf("%d × %d: corners %s", c.w, c.h, corners(m))
		}
	}
}

func TestHeavyPicturesAreEncodedAgain(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"rumore.jpg": asJPEG(t, noise(1900, 1900), 100),
		"rumore.png": asPNG(t, noise(1400, 1400)),
	} {
		if len(data) <= maxPicture {
			t.Fatalf("%s has only %d bytes", name, len(data))
		}
		f := accepted(t, name, data)
		if len(f.Data) > maxPicture || f.MIME != "image/jpeg" || f.Width != decoded(t, data).Bounds().Dx() {
			t.Errorf("%s: %d bytes of %s, %d wide", name, len(f.Data), f.MIME, f.Width)
		}
	}
}

// noise is a picture that no compression makes small.
func noise(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	n := uint32(1)
	for i := range m.Pix {
		n = n*1664525 + 1013904223
		m.Pix[i] = byte(n >> 24)
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	return m
}

func TestColourProfilesStayWhereTheyFit(t *testing.T) {
	t.Parallel()
	inTwo := func(p []byte) [][]byte {
		return [][]byte{segment(0xe2, profileName+"\x02\x02"+string(p[60000:])), segment(0xe2, profileName+"\x01\x02"+string(p[:60000]))}
	}
	rgb, small := icc("RGB ", 70000), icc("RGB ", 200)
	for _, c := range []struct {
		name string
		data []byte
		want []byte
	}{
		{"kept", withSegments(asJPEG(t, drawing(30, 30), 80), segment(0xe2, profileName+"\x01\x01"+string(small))), small},
		{"in two parts, the wrong way round", withSegments(asJPEG(t, drawing(30, 30), 80), inTwo(rgb)...), rgb},
		{"kept when scaled", withSegments(asJPEG(t, drawing(3000, 30), 80), inTwo(rgb)...), rgb},
		{"of CMYK in a picture of three colours", withSegments(asJPEG(t, drawing(30, 30), 80), segment(0xe2, profileName+"\x01\x01"+string(icc("CMYK", 200)))), nil},
		{"with something behind it", withSegments(asJPEG(t, drawing(30, 30), 80), segment(0xe2, profileName+"\x01\x01"+string(small)+"secret-place")), nil},
		{"with a part missing", withSegments(asJPEG(t, drawing(30, 30), 80), inTwo(rgb)[0]), nil},
		{"of CMYK, scaled to three colours", withSegments(asJPEG(t, image.NewGray(image.Rect(0, 0, 3000, 9)), 80), segment(0xe2, profileName+"\x01\x01"+string(icc("GRAY", 200)))), nil},
		{"of no colours at all", withSegments(asJPEG(t, drawing(30, 30), 80), segment(0xe2, profileName+"\x01\x01"+string(assemble(iccHead(small), nil)))), nil},
	} {
		f := accepted(t, "profilo.jpg", c.data)
		var parts profileParts
		for rest := f.Data[2:]; ; {
			mark, body, after, r := nextSegment(rest)
			if r != nil {
				t.Fatalf("%s: %v", c.name, r)
			}
			if mark == markSOS {
				break
			}
			if mark == 0xe2 {
				parts.add(body[len(profileName):])
			}
			rest = after
		}
		if got := parts.join(); !bytes.Equal(got, c.want) {
			t.Errorf("%s: a profile of %d bytes, want %d", c.name, len(got), len(c.want))
		}
		decoded(t, f.Data)
	}
}

func TestBrokenJPEGsAreRefused(t *testing.T) {
	t.Parallel()
	whole := asJPEG(t, drawing(16, 16), 80)
	twice := strings.Repeat(string(segment(0xc0, "\x08\x00\x10\x00\x10\x01\x01\x11\x00")), 2)
	for name, data := range map[string][]byte{
		"no frame":          {0xff, 0xd8, 0xff, 0xd9},
		"two frames":        withSegments(whole, []byte(twice)),
		"length of nothing": withSegments(whole, []byte{0xff, 0xe1, 0, 0}),
		"two beginnings":    withSegments(whole, []byte{0xff, 0xd8}),
		"no end":            whole[:len(whole)-2],
		"points missing":    append(bytes.Clone(whole[:len(whole)-20]), 0xff, 0xd9),
	} {
		t.Log(name)
		refused(t, "rotta.jpg", data, "la foto non si può aprire: il file è danneggiato")
	}
	refused(t, "rara.jpg", withSegments(whole, segment(0xc9, "\x08\x00\x10\x00\x10\x01\x01\x11\x00")), "che i telefoni non mostrano")
}
