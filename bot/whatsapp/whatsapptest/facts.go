package whatsapptest

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
)

// The kinds of file that factsOf knows.
const (
	mimeJPEG = "image/jpeg"
	mimePNG  = "image/png"
	mimeWebP = "image/webp"
	mimeMP4  = "video/mp4"
	mimePDF  = "application/pdf"
)

// facts is what a file is by its content. Zero is not known.
type facts struct {
	mime          string
	width, height int
	seconds       float64
	pages         int
	broken        string // why no phone can show it
}

// sniffable reports whether factsOf would know a file of that type.
func sniffable(mime string) bool {
	switch mime {
	case mimeJPEG, mimePNG, mimeWebP, mimeMP4, mimePDF:
		return true
	}
	return false
}

func factsOf(file []byte) facts {
	at := func(offset int, magic string) bool {
		return len(file) >= offset && bytes.HasPrefix(file[offset:], []byte(magic))
	}
	switch {
	case at(0, "\xff\xd8\xff"):
		return pictureFacts(mimeJPEG, file, jpeg.DecodeConfig, jpeg.Decode)
	case at(0, "\x89PNG\r\n\x1a\n"):
		return pictureFacts(mimePNG, file, png.DecodeConfig, png.Decode)
	case at(0, "RIFF") && at(8, "WEBP"):
		return facts{mime: mimeWebP}
	case at(4, "ftyp"):
		return movieFacts(file)
	case bytes.Contains(file[:min(len(file), 1024)], []byte("%PDF-")):
		return facts{mime: mimePDF, pages: countPages(file)}
	}
	return facts{}
}

// maxPixels bounds what is decoded as a whole.
const maxPixels = 50_000_000

// pictureFacts decodes a picture as a phone would. Of a form of JPEG that is beyond the decoder nothing is known.
func pictureFacts(mime string, file []byte, look func(io.Reader) (image.Config, error), decode func(io.Reader) (image.Image, error)) facts {
	config, err := look(bytes.NewReader(file))
	if err == nil && config.Width*config.Height <= maxPixels {
		_, err = decode(bytes.NewReader(file))
	}
	if unsupported := jpeg.UnsupportedError(""); errors.As(err, &unsupported) {
		return facts{mime: mime}
	}
	f := facts{mime: mime, width: config.Width, height: config.Height}
	if err != nil {
		f.broken = "a picture that does not decode"
	}
	return f
}

// A thumbnail travels inside the message, so it is small.
const maxThumbnailSide, maxThumbnailSize = 200, 16 << 10

// checkThumbnail says what is wrong with the thumbnail of a file of that size (0: unknown); "" when nothing is.
func checkThumbnail(thumbnail []byte, width, height int) string {
	f := pictureFacts(mimeJPEG, thumbnail, jpeg.DecodeConfig, jpeg.Decode)
	switch {
	case f.broken != "" || f.width == 0:
		return "a thumbnail that is no JPEG"
	case len(thumbnail) > maxThumbnailSize || max(f.width, f.height) > maxThumbnailSide:
		return "a thumbnail that is too large"
	case width > 0 && !sameShape(f.width, f.height, width, height):
		return "a thumbnail of another shape"
	}
	return ""
}

// sameShape reports whether a picture may have been scaled to a size, rounded either way.
func sameShape(width, height, fullWidth, fullHeight int) bool {
	near := func(a, b, of int) bool { return max(a-b, b-a) <= of } // a/of and b/of differ by at most one
	return near(height*fullWidth, width*fullHeight, fullWidth) || near(width*fullHeight, height*fullWidth, fullHeight)
}
