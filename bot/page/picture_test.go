package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// portrait is the picture of the page that the README shows. It holds, as a text of
// its own, the hash of the page that it was taken of. Where the page has changed,
// STATO_UPDATE=1 takes it again, on a machine with Chromium.
const (
	portrait       = "stato.png"
	portraitWidth  = 1000
	portraitHeight = 1140
	portraitLimit  = 200_000
)

// onAGoodDay is the page of the picture: something leaves, something waits, and much has arrived.
func onAGoodDay(t *testing.T) []byte {
	v := sending(t)
	v.Leaving, v.Queue = v.Leaving[:1], v.Queue[:1]
	return mustRender(t, v)
}

// Whoever looks at the README sees the page as it is.
func TestThePictureIsOfThePageAsItIs(t *testing.T) {
	t.Parallel()
	html := onAGoodDay(t)
	if os.Getenv("STATO_UPDATE") == "1" {
		taken := takePortrait(t, html)
		if err := os.WriteFile(portrait, withSource(t, taken, html), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(portrait)
	if err != nil {
		t.Fatal(err)
	}
	if len(kept) >= portraitLimit {
		t.Errorf("%s has %d bytes: a README must open at once", portrait, len(kept))
	}
	if got, want := sourceOf(t, kept), sourceHash(html); got != want {
		t.Errorf("%s is of another page (%s, now %s): take it again with STATO_UPDATE=1", portrait, got, want)
	}
}

// The picture was not made up: the browser still shows nearly the same.
func TestThePictureIsWhatTheBrowserShows(t *testing.T) {
	t.Parallel()
	if os.Getenv("STATO_UPDATE") == "1" {
		t.Skip("it is being taken")
	}
	taken := decode(t, takePortrait(t, onAGoodDay(t)))
	kept, err := os.ReadFile(portrait)
	if err != nil {
		t.Fatal(err)
	}
	shown := decode(t, kept)
	if shown.Bounds() != taken.Bounds() {
		t.Fatalf("it is %v, and %v in the browser", shown.Bounds(), taken.Bounds())
	}
	// Another version of a font moves letters; another page moves whole boxes.
	if off := difference(shown, taken); off > 0.05 {
		t.Errorf("it differs from the page by %.3f", off)
	}
	if off := difference(shown, image.NewUniform(shown.At(1, 1))); off < 0.02 {
		t.Errorf("the picture is nearly empty (%.3f)", off)
	}
}

// takePortrait photographs the top of the page as a large screen shows it.
func takePortrait(t *testing.T, html []byte) []byte {
	t.Helper()
	p := open(t, newBrowser(t), html)
	p.media("", "light")
	p.do(chromedp.EmulateViewport(portraitWidth, portraitHeight))
	taken, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	var smaller bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&smaller, decode(t, taken)); err != nil {
		t.Fatal(err)
	}
	return smaller.Bytes()
}

func decode(t *testing.T, picture []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// difference is how far two pictures are apart, on the average of all points: 1 is
// black against white.
func difference(a, b image.Image) float64 {
	sum, bounds := 0, a.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			one, other := color.GrayModel.Convert(a.At(x, y)).(color.Gray), color.GrayModel.Convert(b.At(x, y)).(color.Gray)
			sum += max(int(one.Y)-int(other.Y), int(other.Y)-int(one.Y))
		}
	}
	return float64(sum) / 255 / float64(bounds.Dx()*bounds.Dy())
}

func sourceHash(html []byte) string {
	sum := sha256.Sum256(html)
	return hex.EncodeToString(sum[:])
}

// A PNG is a signature and chunks: length, type, data, checksum. A text is a keyword,
// a zero and the words.
const (
	signature = 8
	frame     = 12
	keyword   = "Source\x00sha256 "
)

// withSource puts the hash of the page into the picture, behind its header.
func withSource(t *testing.T, picture, html []byte) []byte {
	t.Helper()
	data := append([]byte("tEXt"+keyword), sourceHash(html)...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)-4))
	chunk = append(chunk, data...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(data))
	header := signature + frame + int(binary.BigEndian.Uint32(picture[signature:]))
	return append(append(bytes.Clone(picture[:header]), chunk...), picture[header:]...)
}

// sourceOf is the hash in the picture.
func sourceOf(t *testing.T, picture []byte) string {
	t.Helper()
	for rest := picture[signature:]; len(rest) >= frame; {
		length := int(binary.BigEndian.Uint32(rest))
		if length > len(rest)-frame {
			t.Fatal("the picture is cut off")
		}
		if words, is := bytes.CutPrefix(rest[4:8+length], []byte("tEXt"+keyword)); is {
			return string(words)
		}
		rest = rest[frame+length:]
	}
	return ""
}
