package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"strings"
	"testing"
)

func TestPNGLosesEverythingButThePicture(t *testing.T) {
	t.Parallel()
	clean := asPNG(t, drawing(64, 48))
	dirty := withChunks(clean,
		chunk("tEXt", "Author\x00secret-place"),
		chunk("zTXt", "Comment\x00\x00secret-place"),
		chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00<x:xmpmeta>secret-place"),
		chunk("eXIf", string(exif(1, binary.BigEndian))),
		chunk("tIME", "\x07\xea\x0b\x18\x0a\x00\x00"),
		chunk("htMl", "<script>secret-place</script>"),
		chunk("iCCP", "secret-place\x00\x00not deflated"),
		chunk("iDOT", "secret-place"))
	dirty = append(dirty, "PK\x03\x04 <html><script>secret-place"...)
	f := accepted(t, "festa.png", dirty)
	if f.MIME != "image/png" || f.Width != 64 || f.Height != 48 || !bytes.Equal(f.Data, clean) {
		t.Errorf("%s, %d × %d, and the rest is not as it was", f.MIME, f.Width, f.Height)
	}
	kept := accepted(t, "colori.png", withChunks(clean, chunk("gAMA", "\x00\x00\xb1\x8f"), chunk("pHYs", "\x00\x00\x0b\x13\x00\x00\x0b\x13\x01")))
	if kept.Changed {
		t.Error("what says how the colours are is gone")
	}
}

func TestPNGProfilesAreWrittenAnew(t *testing.T) {
	t.Parallel()
	profile := icc("RGB ", 300)
	stored := bytes.Replace(packProfile(profile), []byte("ICC"), []byte("45.6258"), 1)
	f := accepted(t, "profilo.png", withChunks(asPNG(t, drawing(20, 20)), chunk("iCCP", string(stored))))
	if !bytes.Contains(f.Data, chunk("iCCP", string(packProfile(profile)))) {
		t.Error("the profile is gone")
	}
	f = accepted(t, "profilo.png", withChunks(asPNG(t, drawing(3000, 20)), chunk("iCCP", string(stored))))
	if !bytes.Contains(f.Data, profile) || f.MIME != "image/jpeg" {
		t.Error("the profile is gone from the scaled picture")
	}
	bomb := packProfile(make([]byte, 2*maxProfile))
	if f = accepted(t, "bomba.png", withChunks(asPNG(t, drawing(20, 20)), chunk("iCCP", string(bomb)))); bytes.Contains(f.Data, []byte("iCCP")) {
		t.Error("too many zeros were taken for a profile")
	}
}

func TestTransparencyBecomesWhiteInAJPEG(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]interface {
		image.Image
		Set(x, y int, c color.Color)
	}{
		"8 bits":  image.NewNRGBA(image.Rect(0, 0, 2600, 100)),
		"16 bits": image.NewNRGBA64(image.Rect(0, 0, 2600, 100)),
		"palette": image.NewPaletted(image.Rect(0, 0, 2600, 100), color.Palette{color.Transparent, color.NRGBA{R: 255, A: 255}}),
	} {
		for y := range 100 {
			for x := range 1300 {
				m.Set(x, y, color.NRGBA{R: 255, A: 255})
			}
		}
		f := accepted(t, "trasparente.png", asPNG(t, m))
		if got := corners(decoded(t, f.Data)); f.MIME != "image/jpeg" || got != "rwwr" {
			t.Errorf("%s: %s, corners %s, want red left and white right", name, f.MIME, got)
		}
		if got := corners(decoded(t, f.Thumbnail)); got != "rwwr" {
			t.Errorf("%s: corners of the thumbnail %s", name, got)
		}
	}
}

func TestBrokenPNGsAreRefused(t *testing.T) {
	t.Parallel()
	whole := asPNG(t, drawing(16, 16))
	flipped := bytes.Clone(whole)
	flipped[45] ^= 1
	header := string(whole[16:29])
	for name, data := range map[string][]byte{
		"nothing behind the name":  whole[:8],
		"a sum that is wrong":      flipped,
		"no points":                append([]byte(pngMagic), append(chunk("IHDR", header), chunk("IEND", "")...)...),
		"two headers":              withChunks(whole, chunk("IHDR", header)),
		"no header":                append([]byte(pngMagic), whole[33:]...),
		"a chunk that counts":      withChunks(whole, chunk("CgBI", "\x50\x00\x20\x02")),
		"a palette without end":    withChunks(whole, chunk("PLTE", strings.Repeat("x", 900))),
		"more than fits into four": withChunks(whole, chunk("gAMA", "\x00\x00\xb1\x8fsecret-place")),
		"no width":                 append([]byte(pngMagic), chunk("IHDR", "\x00\x00\x00\x00"+header[4:])...),
	} {
		t.Log(name)
		refused(t, "rotta.png", data, "l'immagine non si può aprire: il file è danneggiato")
	}
	refused(t, "animata.png", withChunks(whole, chunk("acTL", "\x00\x00\x00\x02\x00\x00\x00\x00")), "è un'immagine animata")
}

// webpOf wraps the picture of a simple WebP (its VP8 chunk) together with others.
func webpOf(simple []byte, w, h int, flags byte, more ...[]byte) []byte {
	body := append([]byte("WEBPVP8X\x0a\x00\x00\x00"), flags, 0, 0, 0, byte(w-1), byte((w-1)>>8), 0, byte(h-1), byte((h-1)>>8), 0)
	body = append(body, simple[12:]...)
	for _, m := range more {
		body = append(body, m...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func riffChunk(name string, body []byte) []byte {
	out := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body))), body...)
	return append(out, make([]byte, len(body)%2)...)
}

func TestWebPBecomesJPEG(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"lossy.webp", "lossless.webp"} {
		f := accepted(t, name, fixture(t, name))
		if f.MIME != "image/jpeg" || f.Width != 40 || f.Height != 24 || !f.Changed {
			t.Errorf("%s: %s of %d × %d, changed %v", name, f.MIME, f.Width, f.Height, f.Changed)
		}
		if got := corners(decoded(t, f.Data)); got[0] != 'w' || got[1] == 'w' {
			t.Errorf("%s: corners %s, want white at the top left alone", name, got)
		}
	}
	plain, profile := fixture(t, "plain.webp"), icc("RGB ", 200)
	const hasEverything = 0x20 | 0x08 | 0x04
	turned := webpOf(plain, 40, 24, hasEverything, riffChunk("ICCP", profile),
		riffChunk("EXIF", exif(6, binary.LittleEndian)), riffChunk("XMP ", []byte("secret-place")))
	f := accepted(t, "girata.webp", turned)
	if f.Width != 24 || f.Height != 40 || !bytes.Contains(f.Data, profile) {
		t.Errorf("%d × %d, profile kept: %v", f.Width, f.Height, bytes.Contains(f.Data, profile))
	}
	refused(t, "animata.webp", fixture(t, "animated.webp"), "è un'immagine animata")
	refused(t, "rotta.webp", webpOf(plain, 400, 240, 0), "l'immagine non si può aprire")
}
