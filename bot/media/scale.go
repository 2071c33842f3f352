package media

import (
	"image"
	"image/color"
	"image/draw"
)

// fit returns the picture on white, at most side points long and wide. The shape
// stays, but for pictures so thin that a side would vanish.
func fit(img image.Image, side int) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if longest := max(w, h); longest > side {
		w, h = max(1, (w*side+longest/2)/longest), max(1, (h*side+longest/2)/longest)
	}
	return shrink(img, w, h)
}

// shrink makes every new point the average of the area it covers: exact, without
// jagged lines, and row by row, because the scalers of golang.org/x/image/draw
// would ask for 500 MB for a large photo.
func shrink(img image.Image, w, h int) *image.RGBA {
	from := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if w == from.Dx() && h == from.Dy() {
		onWhite(out, img, from.Min)
		return out
	}
	row := image.NewRGBA(image.Rect(0, 0, from.Dx(), rowsAtOnce))
	line := make([]uint64, 3*w) // one row of the source, averaged across
	sum := make([]uint64, 3*w)  // the part of the new row that is done
	area := uint64(from.Dx()) * uint64(from.Dy())
	for y := range from.Dy() {
		if y%rowsAtOnce == 0 {
			onWhite(row, img, from.Min.Add(image.Pt(0, y)))
		}
		across(line, row.Pix[y%rowsAtOnce*row.Stride:][:4*from.Dx()], w)
		// In units of 1/h of a source row: this row spans [y*h, y*h+h), the new one
		// ends at bottom.
		to := y * h / from.Dy()
		bottom := (to + 1) * from.Dy()
		inside := min(h, bottom-y*h)
		add(sum, line, inside)
		if y*h+h >= bottom {
			put(out.Pix[to*out.Stride:], sum, area)
			clear(sum)
			add(sum, line, h-inside)
		}
	}
	return out
}

// rowsAtOnce is how much of the picture is converted at a time: a multiple of
// what chroma subsampling joins.
const rowsAtOnce = 16

// across sums a row of points into w cells, each weighted by the part of it that
// the cell covers.
func across(line []uint64, row []byte, w int) {
	clear(line)
	n := len(row) / 4
	cell, right := 0, n // the cell at hand and its end, in units of 1/w of a point
	for x := range n {
		p := row[4*x : 4*x+3 : 4*x+3]
		inside := min(w, right-x*w)
		c := line[3*cell : 3*cell+3 : 3*cell+3]
		for i, v := range p {
			c[i] += uint64(v) * uint64(inside)
		}
		if x*w+w < right {
			continue
		}
		if cell, right = cell+1, right+n; inside < w {
			c = line[3*cell : 3*cell+3 : 3*cell+3]
			for i, v := range p {
				c[i] += uint64(v) * uint64(w-inside)
			}
		}
	}
}

func add(sum, line []uint64, weight int) {
	if weight == 0 {
		return
	}
	for i, v := range line {
		sum[i] += v * uint64(weight)
	}
}

func put(pix []byte, sum []uint64, area uint64) {
	for i := 0; i < len(sum); i += 3 {
		p := pix[i/3*4:][:4]
		for c := range 3 {
			p[c] = uint8((sum[i+c] + area/2) / area)
		}
		p[3] = 0xff
	}
}

// onWhite copies the part of the picture that begins at from. What is transparent
// becomes white, as on paper.
func onWhite(to *image.RGBA, img image.Image, from image.Point) {
	draw.Draw(to, to.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(to, to.Rect, img, from, draw.Over)
}

// turn puts a picture upright according to the orientation of EXIF: 2 to 4 are
// mirrored or upside down, 5 to 8 lie on a side.
func turn(img *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if orientation >= 5 {
		w, h = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			from := img.PixOffset(source(x, y, w, h, orientation))
			copy(out.Pix[out.PixOffset(x, y):][:4], img.Pix[from:from+4])
		}
	}
	return out
}

// source is the stored point that is seen at x, y of an upright picture of w × h.
func source(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2: // mirrored
		return w - 1 - x, y
	case 3: // upside down
		return w - 1 - x, h - 1 - y
	case 4: // mirrored, upside down
		return x, h - 1 - y
	case 5: // mirrored along the falling diagonal
		return y, x
	case 6: // to be turned clockwise
		return y, w - 1 - x
	case 7: // mirrored along the rising diagonal
		return h - 1 - y, w - 1 - x
	case 8: // to be turned counterclockwise
		return h - 1 - y, x
	}
	return x, y
}
