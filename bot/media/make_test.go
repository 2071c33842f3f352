package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// secrets are what the tests hide in files: none may be found in what leaves.
var secrets = []string{"secret-place", "45.6258", "Camera of the mayor", "<script>"}

func refused(t *testing.T, name string, data []byte, reason string) {
	t.Helper()
	_, err := Read(name, data)
	r, ok := errors.AsType[*Refusal](err)
	if !ok {
		t.Fatalf("%s: error %v, want a refusal", name, err)
	}
	if !strings.Contains(r.Reason, reason) {
		t.Errorf("%s: reason %q, want %q", name, r.Reason, reason)
	}
	wellSaid(t, r)
}

// wellSaid checks the form in which staff read a refusal.
func wellSaid(t *testing.T, r *Refusal) {
	t.Helper()
	for _, words := range []string{r.Reason, r.Advice} {
		if first, _ := utf8.DecodeRuneInString(words); !unicode.IsLower(first) {
			t.Errorf("%q does not begin with a lower case letter", words)
		}
	}
	if strings.HasSuffix(r.Reason, ".") || !strings.HasSuffix(r.Advice, ".") {
		t.Errorf("full stops: %q, %q", r.Reason, r.Advice)
	}
}

func accepted(t *testing.T, name string, data []byte) File {
	t.Helper()
	before := bytes.Clone(data)
	f, err := Read(name, data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if !bytes.Equal(before, data) {
		t.Errorf("%s: Read changed what it was given", name)
	}
	if f.Changed == bytes.Equal(f.Data, data) {
		t.Errorf("%s: Changed is %v, and that is not so", name, f.Changed)
	}
	noSecrets(t, name, f)
	if f.Kind == Image {
		smallThumbnail(t, f)
	}
	return f
}

func noSecrets(t *testing.T, name string, f File) {
	t.Helper()
	for _, s := range secrets {
		if bytes.Contains(f.Data, []byte(s)) || bytes.Contains(f.Thumbnail, []byte(s)) {
			t.Errorf("%s: %q is in what leaves", name, s)
		}
	}
}

func smallThumbnail(t *testing.T, f File) {
	t.Helper()
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(f.Thumbnail))
	if err != nil {
		t.Fatalf("thumbnail: %v", err)
	}
	if max(cfg.Width, cfg.Height) > maxThumbnailSide || len(f.Thumbnail) > maxThumbnail {
		t.Errorf("thumbnail of %d × %d and %d bytes", cfg.Width, cfg.Height, len(f.Thumbnail))
	}
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// drawing is a picture of which each corner can be told: red, green, blue, black.
func drawing(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{A: 255}
			switch {
			case x < w/2 && y < h/2:
				c.R = 255
			case y < h/2:
				c.G = 255
			case x < w/2:
				c.B = 255
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// corners names the colours of a picture, from the top left one clockwise.
func corners(m image.Image) string {
	b := m.Bounds()
	dx, dy := b.Dx()/8+1, b.Dy()/8+1
	var out strings.Builder
	for _, p := range []image.Point{{b.Min.X + dx, b.Min.Y + dy}, {b.Max.X - dx, b.Min.Y + dy}, {b.Max.X - dx, b.Max.Y - dy}, {b.Min.X + dx, b.Max.Y - dy}} {
		r, g, bl, _ := m.At(p.X, p.Y).RGBA()
		switch most := max(r, g, bl); {
		case min(r, g, bl) > 0xc000:
			out.WriteByte('w')
		case most < 0x6000:
			out.WriteByte('k')
		case most == r:
			out.WriteByte('r')
		case most == g:
			out.WriteByte('g')
		default:
			out.WriteByte('b')
		}
	}
	return out.String()
}

func asJPEG(t testing.TB, m image.Image, quality int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	fast := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := fast.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func decoded(t testing.TB, data []byte) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("what leaves does not decode: %v", err)
	}
	return m
}

// exif builds an EXIF block with an orientation, a camera and a place.
func exif(orientation int, order binary.AppendByteOrder) []byte {
	out := []byte("II*\x00")
	if order.String() == "BigEndian" {
		out = []byte("MM\x00*")
	}
	entry := func(tag, kind uint16, count uint32, value []byte) {
		out = order.AppendUint32(order.AppendUint16(order.AppendUint16(out, tag), kind), count)
		out = append(out, append(value, 0, 0, 0, 0)[:4]...)
	}
	number := func(n uint32) []byte { return order.AppendUint32(nil, n) }
	out = order.AppendUint16(order.AppendUint32(out, 8), 3)
	entry(0x010f, 2, 20, number(200))                                 // maker
	entry(0x0112, 3, 1, order.AppendUint16(nil, uint16(orientation))) // orientation
	entry(0x8825, 4, 1, number(50))                                   // GPS
	out = order.AppendUint16(append(out, 0, 0, 0, 0), 2)              // at 50
	entry(0x0001, 2, 2, []byte("N"))                                  // latitude is north
	entry(0x001c, 2, 24, number(230))                                 // name of the area
	out = append(out, bytes.Repeat([]byte{0}, 200-len(out))...)       // at 200
	out = append(out, "Camera of the mayor\x00"...)                   //
	out = append(out, bytes.Repeat([]byte{0}, 230-len(out))...)       // at 230
	return append(out, "45.6258,9.0372 secret-place\x00"...)
}

// segment builds a segment of a JPEG.
func segment(mark byte, body string) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xff, mark}, uint16(len(body)+2))
	return append(out, body...)
}

// withSegments puts segments behind the beginning of a JPEG.
func withSegments(data []byte, segments ...[]byte) []byte {
	return slices.Concat(data[:2], slices.Concat(segments...), data[2:])
}

// chunk builds a chunk of a PNG.
func chunk(name, body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// withChunks puts chunks behind the header of a PNG.
func withChunks(data []byte, chunks ...[]byte) []byte {
	const header = 8 + 25
	return slices.Concat(data[:header], slices.Concat(chunks...), data[header:])
}

// icc builds a profile that says nothing but colours, of so many bytes or some more.
func icc(space string, size int) []byte {
	head := make([]byte, 128)
	copy(head[8:], "\x02\x10\x00\x00mntr"+space+"XYZ ")
	curve := binary.BigEndian.AppendUint32([]byte("curv\x00\x00\x00\x00"), uint32(max(1, size/2-256)))
	curve = append(curve, bytes.Repeat([]byte{2, 51}, max(1, size/2-256))...)
	light := []byte("XYZ \x00\x00\x00\x00\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d")
	tags := []iccTag{{"wtpt", light}}
	if space == "GRAY" {
		tags = append(tags, iccTag{"kTRC", curve})
	} else {
		tags = append(tags, iccTag{"rXYZ", light}, iccTag{"gXYZ", light}, iccTag{"bXYZ", light}, iccTag{"rTRC", curve}, iccTag{"gTRC", curve}, iccTag{"bTRC", curve})
	}
	tags = append(tags, iccTag{"desc", iccName(false)}, iccTag{"cprt", iccWords("text", false)})
	return assemble(iccHead(head), tags)
}
