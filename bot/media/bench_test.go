package media

import (
	"image"
	"image/color"
	"math"
	"testing"
)

// photo is smooth, with a little grain, as photos are.
func photo(w, h int) image.Image {
	m := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	n := uint32(1)
	for y := range h {
		for x := range w {
			n = n*1664525 + 1013904223
			m.Y[m.YOffset(x, y)] = byte(120 + 80*math.Sin(float64(x)/90)*math.Cos(float64(y)/70) + float64(n>>28))
			c, _, _ := color.RGBToYCbCr(byte(x>>4), byte(y>>4), 90)
			m.Cb[m.COffset(x, y)], m.Cr[m.COffset(x, y)] = c, byte(255-int(c))
		}
	}
	return m
}

// BenchmarkPhoto12MP is a photo of a telephone, scaled to what leaves.
func BenchmarkPhoto12MP(b *testing.B) { benchmarkRead(b, "foto.jpg", asJPEG(b, photo(4000, 3000), 85)) }

// BenchmarkPhotoWithinLimits is one that leaves as it came: decoded for its
// thumbnail alone.
func BenchmarkPhotoWithinLimits(b *testing.B) {
	benchmarkRead(b, "foto.jpg", asJPEG(b, photo(2048, 1536), 85))
}

func benchmarkRead(b *testing.B, name string, data []byte) {
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Read(name, data); err != nil {
			b.Fatal(err)
		}
	}
}
