package citizen_test

import (
	"fmt"

	"banditore/bot/citizen"
)

func ExampleReader_Read() {
	reader := citizen.NewReader("Saronno")
	for _, text := range []string{"ATTIVA notizie Mario Rossi saronno", "attiva notizie", "basta messaggi, grazie", "👍"} {
		r := reader.Read(text)
		fmt.Printf("%v: %q %q %q\n", r.Intent, r.GivenName, r.FamilyName, r.Comune)
	}
	// Output:
	// subscribe: "Mario" "Rossi" "Saronno"
	// incomplete: "" "" ""
	// unsubscribe: "" "" ""
	// thanks: "" "" ""
}
