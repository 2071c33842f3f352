package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// memory is what a call allocates in all: more than it ever holds at once.
func memory(call func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// hugePNG says that it has w × h points and holds none of them.
func hugePNG(w, h uint32, depth, kind, interlaced byte) []byte {
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	header = append(header, depth, kind, 0, 0, interlaced)
	return []byte(pngMagic + string(chunk("IHDR", string(header))) + string(chunk("IDAT", "x")) + string(chunk("IEND", "")))
}

// hugeJPEG says that it has w × h points and holds none of them.
func hugeJPEG(mark byte, w, h uint16, sampling ...byte) []byte {
	body := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, h), w)
	body = append(body, byte(len(sampling)))
	for i, s := range sampling {
		body = append(body, byte(i+1), s, 0)
	}
	out := append([]byte("\xff\xd8"), segment(mark, string(body))...)
	return append(append(out, segment(0xda, "\x01\x01\x00\x00\x3f\x00")...), 0xff, 0xd9)
}

func TestG9_BombsAreNotDecoded(t *testing.T) { // not parallel: it measures memory
	lossless := append([]byte("RIFF\x12\x00\x00\x00WEBPVP8L\x05\x00\x00\x00\x2f"), 0xff, 0xff, 0xff, 0x0f, 0, 0)
	for name, c := range map[string]struct {
		data   []byte
		reason string
	}{
		"a.png":             {hugePNG(50000, 50000, 8, 6, 0), "l'immagine ha 2500 milioni di punti e il massimo è 40"},
		"b.png":             {hugePNG(1<<31-1, 1<<31-1, 16, 6, 1), "milioni di punti e il massimo è 28"},
		"interlaced.png":    {hugePNG(6000, 5000, 16, 6, 1), "l'immagine ha 30 milioni di punti e il massimo è 28"},
		"a.jpg":             {hugeJPEG(0xc0, 20000, 20000, 0x22, 0x11, 0x11), "l'immagine ha 400 milioni di punti e il massimo è 40"},
		"progressive.jpg":   {hugeJPEG(0xc2, 5000, 5000, 0x11, 0x11, 0x11), "l'immagine ha 25 milioni di punti e il massimo è 22"},
		"cmyk.jpg":          {hugeJPEG(0xc2, 4000, 4000, 0x11, 0x11, 0x11, 0x11), "l'immagine ha 16 milioni di punti e il massimo è 14"},
		"a.webp":            {lossless, "l'immagine ha 269 milioni di punti e il massimo è 24"},
		"canvas.webp":       {webpOf(fixture(t, "plain.webp"), 16384, 16384, 0), "l'immagine ha 269 milioni di punti e il massimo è 24"},
		"full of scans.jpg": {bytes.Replace(hugeJPEG(0xc2, 6000, 6000, 0x22, 0x11, 0x11), []byte("\xff\xd9"), bytes.Repeat(segment(0xda, "\x01\x01\x00\x00\x3f\x00"), 100_000), 1), "troppi passaggi"},
	} {
		if used := memory(func() { refused(t, name, c.data, c.reason) }); used > 20<<20 {
			t.Errorf("%s: %d MB to say no", name, used>>20)
		}
	}
}

func TestG9_MemoryStaysBounded(t *testing.T) { // not parallel: it measures memory
	rows := func(bytesOf int) []byte { // rows of zeros, far fewer than promised
		var out bytes.Buffer
		z := zlib.NewWriter(&out)
		_, _ = z.Write(make([]byte, bytesOf))
		_ = z.Close()
		return out.Bytes()
	}
	deep := bytes.Replace(hugePNG(6200, 6400, 16, 6, 0), chunk("IDAT", "x"), chunk("IDAT", string(rows(1<<20))), 1)
	pages := "2 0 obj<</Kids[" + strings.Repeat("3 0 R ", 200_000) + "]>>endobj"
	var nest, streams, numbers strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&nest, "%d 0 obj<</Kids[%d 0 R]>>endobj\n", i+2, i+3)
		fmt.Fprintf(&numbers, "%d %d ", i, 13*(i%2)) // the whole again and again
	}
	packed := objectStream(9, 3, 4, "5 0 "+strings.Repeat(" ", 10<<20))
	for range 200 {
		streams.WriteString(packed)
	}
	for name, data := range map[string][]byte{
		"deep.png":      deep,
		"pages.pdf":     pdfOf(root, first, pages),
		"nest.pdf":      pdfOf(root, first, nest.String()),
		"bombs.pdf":     pdfOf(root, first, streams.String()),
		"overlap.pdf":   pdfOf(root, first, objectStream(9, 50_000, numbers.Len(), numbers.String()+"<</Kids[1 0 R]>>")),
		"objects.pdf":   pdfOf(root, strings.Repeat("1 0 obj", 500_000)),
		"streams.pdf":   pdfOf(root, strings.Repeat("1 0 obj stream ", 250_000)),
		"nothing.pdf":   pdfOf(root, strings.Repeat("obj", 1_000_000)),
		"startxref.pdf": append([]byte("%PDF-"), strings.Repeat("startxref 1 %%EOF", 200_000)...),
		"markers.jpg":   append([]byte("\xff\xd8"), strings.Repeat("\xff", 4<<20)...),
		"chunks.png":    []byte(pngMagic + string(hugePNG(1, 1, 8, 6, 0)[8:33]) + strings.Repeat(string(chunk("abCd", "")), 200_000)),
		"boxes.mp4":     append(boxOf("ftyp", []byte("isom\x00\x00\x00\x00")), strings.Repeat("\x00\x00\x00\x08free", 2_000_000)...),
	} {
		if used := memory(func() { _, _ = Read(name, data) }); used > 400<<20 {
			t.Errorf("%s: %d MB", name, used>>20)
		}
	}
}
