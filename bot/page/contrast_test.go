package page

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

// channel and luminance follow WCAG 2.2, "relative luminance".
func channel(hex string) float64 {
	n, err := strconv.ParseUint(hex, 16, 8)
	if err != nil {
		return math.NaN()
	}
	c := float64(n) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

func luminance(colour string) float64 {
	if len(colour) == 3 {
		colour = string([]byte{colour[0], colour[0], colour[1], colour[1], colour[2], colour[2]})
	}
	return 0.2126*channel(colour[0:2]) + 0.7152*channel(colour[2:4]) + 0.0722*channel(colour[4:6])
}

func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// Light, dark and print each define all colours; 4.5 is level AA for text.
func TestRender_Contrast(t *testing.T) {
	t.Parallel()
	if got := contrast("fff", "000000"); math.Abs(got-21) > 0.01 {
		t.Fatalf("white on black is %v, want 21", got)
	}
	themes := regexp.MustCompile(`:root \{[^}]*--page[^}]*\}`).FindAllString(source, -1)
	if len(themes) != 3 {
		t.Fatalf("found %d themes, want 3", len(themes))
	}
	for i, theme := range themes {
		colour := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]+)`).FindAllStringSubmatch(theme, -1) {
			colour[m[1]] = m[2]
		}
		for _, pair := range [][2]string{
			{"text", "page"}, {"soft", "page"}, {"bad", "page"}, {"good", "good-page"}, {"bad", "bad-page"}, {"text", "good-page"}, {"text", "bad-page"},
		} {
			got := contrast(colour[pair[0]], colour[pair[1]])
			if math.IsNaN(got) || got < 4.5 {
				t.Errorf("theme %d: %s on %s has contrast %.2f, want 4.5", i, pair[0], pair[1], got)
			}
		}
	}
}
