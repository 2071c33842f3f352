package citizen

// Tongue is a language that citizens of an Italian town are known to write in.
type Tongue int

const (
	Italian Tongue = iota
	English
	French
	Spanish
	German
	Romanian
	Albanian
	Ukrainian
	Arabic
	Chinese
)
