package media

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

const (
	// maxSide is the longest side that leaves. WhatsApp's own apps send 1600
	// points, 2560 in "HD": a phone shows no more, and citizens pay for the data.
	maxSide = 2560
	// maxPicture is the largest picture that leaves as it came.
	maxPicture = 5 << 20
	// maxPoints keeps a bomb from being decoded. No camera of a town hall makes
	// more, and 40 million points of a plain JPEG take 120 MB.
	maxPoints = 40e6
	// decodeBudget is what decoding may allocate. Together with the file, the copy
	// and the scaled picture it keeps Read under about 400 MB.
	decodeBudget = 340e6
)

// picture is a picture without its metadata, before it is decoded.
type picture struct {
	is            content
	data          []byte // clean: it is this that is decoded and sent
	width, height int    // as stored: before it is turned
	pointCost     int    // bytes that the decoder allocates for a point, at worst
	orientation   int    // EXIF's, 1 to 8
	profile       []byte // ICC profile of an RGB picture, nil: none
	ink           bool   // of a printing press: CMYK
}

// readPicture prepares a picture: without metadata, upright, not too large.
func readPicture(k content, data []byte) (File, *Refusal) {
	p, r := openPicture(k, data)
	if r != nil {
		return File{}, r
	}
	if most := min(maxPoints, decodeBudget/p.pointCost); p.width*p.height > most {
		return File{}, tooManyPoints(p.width, p.height, most)
	}
	img, err := p.decode()
	if err != nil || img.Bounds().Dx() != p.width || img.Bounds().Dy() != p.height {
		return File{}, damaged(k, "")
	}
	f := File{Kind: Image, MIME: "image/" + p.format(), Data: p.data}
	if p.fits() {
		f.Width, f.Height = p.width, p.height
	} else {
		upright := turn(fit(img, maxSide), p.orientation)
		f.MIME, f.Data = "image/jpeg", withProfile(encode(upright, maxPicture, 88, 75, 55), p.profile)
		f.Width, f.Height = upright.Rect.Dx(), upright.Rect.Dy()
		img = upright
	}
	f.Thumbnail = encode(fit(img, maxThumbnailSide), maxThumbnail, 70, 50, 30, 10)
	f.Changed = !bytes.Equal(f.Data, data)
	return f, nil
}

const (
	maxThumbnailSide = 100
	// maxThumbnail bounds what travels inside every single message.
	maxThumbnail = 4 << 10
)

func openPicture(k content, data []byte) (picture, *Refusal) {
	switch k {
	case isJPEG:
		return openJPEG(data)
	case isPNG:
		return openPNG(data)
	}
	return openWebP(data)
}

// fits says whether the picture can leave as it came. Phones show a WebP as a
// sticker only, and colours of ink each in its own way: WhatsApp's apps send none.
func (p picture) fits() bool {
	return p.is != isWebP && !p.ink && p.orientation == 1 && len(p.data) <= maxPicture && max(p.width, p.height) <= maxSide
}

func (p picture) format() string {
	if p.is == isPNG {
		return "png"
	}
	return "jpeg"
}

// decode decodes the clean picture: so what is sent is what was seen to decode.
// The decoders are other people's: a panic in one is a damaged picture, not the
// end of the service.
func (p picture) decode() (img image.Image, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("decoder panicked: %v", v)
		}
	}()
	from := bytes.NewReader(p.data)
	switch p.is {
	case isJPEG:
		return jpeg.Decode(from)
	case isPNG:
		return png.Decode(from)
	}
	return webp.Decode(from)
}

// encode makes a JPEG of at most that many bytes, if one of the qualities allows
// it, and of the last one otherwise.
func encode(img *image.RGBA, most int, qualities ...int) []byte {
	var out bytes.Buffer
	for _, q := range qualities {
		out.Reset()
		// A buffer takes everything, and no picture here is too large for the format.
		_ = jpeg.Encode(&out, img, &jpeg.Options{Quality: q})
		if out.Len() <= most {
			break
		}
	}
	return out.Bytes()
}
