package citizen

import "strings"

// readable is a number of Italy as people write it: "+39 334 367 9575", "+39 02 1234 5678", "+39 0331 123 456". Other countries' stay as they are.
func readable(number string) string {
	rest, italian := strings.CutPrefix(number, "+39")
	area := areaCode(rest)
	if !italian || len(rest) < area+4 || strings.Trim(rest, "0123456789") != "" {
		return number
	}
	parts := []string{"+39", rest[:area]}
	for rest = rest[area:]; rest != ""; {
		n := min(3, len(rest))
		switch len(rest) {
		case 4, 8:
			n = 4
		case 5:
			n = 2
		}
		parts, rest = append(parts, rest[:n]), rest[n:]
	}
	return strings.Join(parts, " ")
}

// areaCode is how many digits the first group has: 3 of a mobile number, 2 for Milan and Rome, 3 where the third digit is 0, 1, 5 or 9.
func areaCode(number string) int {
	switch {
	case !strings.HasPrefix(number, "0"):
		return 3
	case strings.HasPrefix(number, "02"), strings.HasPrefix(number, "06"):
		return 2
	case len(number) > 2 && strings.ContainsRune("0159", rune(number[2])):
		return 3
	}
	return 4
}
