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

// Light, dark and print each define all colours. WCAG 2.1 AA wants 4.5 for text, and
// 3 for what a picture needs to be understood: bars, lines, and the edge of a state.
func TestRender_Contrast(t *testing.T) {
	t.Parallel()
	if got := contrast("fff", "000000"); math.Abs(got-21) > 0.01 {
		t.Fatalf("white on black is %v, want 21", got)
	}
	themes := regexp.MustCompile(`:root \{[^}]*--page[^}]*\}`).FindAllString(source, -1)
	if len(themes) != 3 {
		t.Fatalf("found %d themes, want 3", len(themes))
	}
	const text, graphics = 4.5, 3
	for i, theme := range themes {
		colour := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]+)`).FindAllStringSubmatch(theme, -1) {
			colour[m[1]] = m[2]
		}
		for _, pair := range []struct {
			on, under string
			least     float64
		}{
			{"text", "page", text}, {"soft", "page", text}, {"text", "card", text}, {"soft", "card", text},
			{"good", "good-page", text}, {"warn", "warn-page", text}, {"bad", "bad-page", text},
			{"text", "good-page", text}, {"text", "warn-page", text}, {"text", "bad-page", text},
			{"warn", "card", text}, {"bad", "card", text}, {"text", "bubble", text}, {"link", "bubble", text},
			{"bar", "card", graphics}, {"bar", "track", graphics}, {"bad", "track", graphics},
			{"good", "page", graphics}, {"warn", "page", graphics}, {"bad", "page", graphics}, {"soft", "bubble", graphics},
		} {
			got := contrast(colour[pair.on], colour[pair.under])
			if math.IsNaN(got) || got < pair.least {
				t.Errorf("theme %d: %s on %s has contrast %.2f, want %v", i, pair.on, pair.under, got, pair.least)
			}
		}
	}
}
