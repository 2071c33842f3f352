package citizen

// kind is one of the answers, under the name it has in the configuration.
type kind string

const (
	kindConfirmation  kind = "confirmation"
	kindPrivacy       kind = "privacy"
	kindAlready       kind = "already"
	kindIncomplete    kind = "incomplete"
	kindOptIn         kind = "opt_in"
	kindCheck         kind = "check"
	kindDropped       kind = "dropped"
	kindExpired       kind = "expired"
	kindHowToCorrect  kind = "how_to_correct"
	kindCorrected     kind = "corrected"
	kindLeaving       kind = "leaving"
	kindStays         kind = "stays"
	kindGoodbye       kind = "goodbye"
	kindNotRegistered kind = "not_registered"
	kindOnlyUrgent    kind = "only_urgent"
	kindAllNews       kind = "all_news"
	kindPaused        kind = "paused"
	kindChoice        kind = "choice"
	kindHelp          kind = "help"
	kindMyData        kind = "my_data"
	kindEmergency     kind = "emergency"
	kindOther         kind = "other"
	kindAgain         kind = "again"
	kindOffice        kind = "office"
	kindCall          kind = "call"
	kindUnreadable    kind = "unreadable"
)

func (k kind) key() string { return "messages." + string(k) }

// form says what an answer is made of and what it owes its reader.
type form struct {
	kind   kind
	text   func(Templates) string
	fields string // the fields beyond those about the service, each of which may be empty
	sure   string // those that never are
	shows  string // which of its fields it must show whenever they are filled in
	wayOut bool   // a subscriber may get it, so it says how to leave
	asks   bool   // a yes changes something, so it says which word that is
	danger bool   // it begins with 112
}

// forms lists the answers in the order of the configuration.
func forms() []form {
	const names = "GivenName FamilyName Residence"
	const person = names + " Known"
	const kept = "Deliveries Remember"
	return []form{
		{kind: kindConfirmation, text: func(t Templates) string { return t.Confirmation }, fields: person + " Late", wayOut: true},
		{kind: kindPrivacy, text: func(t Templates) string { return t.Privacy }, sure: kept, shows: "Comune Channels", wayOut: true},
		{kind: kindAlready, text: func(t Templates) string { return t.Already }, fields: person, wayOut: true},
		{kind: kindIncomplete, text: func(t Templates) string { return t.Incomplete }, fields: person + " Missing Several", wayOut: true},
		{kind: kindOptIn, text: func(t Templates) string { return t.OptIn }, fields: person, asks: true},
		{kind: kindCheck, text: func(t Templates) string { return t.Check }, fields: "Unknown Couple", sure: person, shows: names, asks: true},
		{kind: kindDropped, text: func(t Templates) string { return t.Dropped }},
		{kind: kindExpired, text: func(t Templates) string { return t.Expired }, fields: person + " Missing", wayOut: true},
		{kind: kindHowToCorrect, text: func(t Templates) string { return t.HowToCorrect }, fields: person, wayOut: true},
		{kind: kindCorrected, text: func(t Templates) string { return t.Corrected }, fields: person, wayOut: true},
		{kind: kindLeaving, text: func(t Templates) string { return t.Leaving }, fields: "Bereaved NewHolder", wayOut: true, asks: true},
		{kind: kindStays, text: func(t Templates) string { return t.Stays }, wayOut: true},
		{kind: kindGoodbye, text: func(t Templates) string { return t.Goodbye }},
		{kind: kindNotRegistered, text: func(t Templates) string { return t.NotRegistered }},
		{kind: kindOnlyUrgent, text: func(t Templates) string { return t.OnlyUrgent }, wayOut: true},
		{kind: kindAllNews, text: func(t Templates) string { return t.AllNews }, wayOut: true},
		{kind: kindPaused, text: func(t Templates) string { return t.Paused }, sure: "Until", shows: "Until", wayOut: true},
		{kind: kindChoice, text: func(t Templates) string { return t.Choice }, wayOut: true},
		{kind: kindHelp, text: func(t Templates) string { return t.Help }, wayOut: true},
		{kind: kindMyData, text: func(t Templates) string { return t.MyData }, sure: "Held " + kept, shows: "Held", wayOut: true},
		{kind: kindEmergency, text: func(t Templates) string { return t.Emergency }, danger: true},
		{kind: kindOther, text: func(t Templates) string { return t.Other }, wayOut: true},
		{kind: kindAgain, text: func(t Templates) string { return t.Again }, wayOut: true},
		{kind: kindOffice, text: func(t Templates) string { return t.Office }, shows: "Channels", wayOut: true},
		{kind: kindCall, text: func(t Templates) string { return t.Call }, wayOut: true},
		{kind: kindUnreadable, text: func(t Templates) string { return t.Unreadable }, wayOut: true},
	}
}

// Templates are the answers as the configuration holds them. The language is text/template reduced to {{.Field}}, {{if .Field}}, {{else}} and
// {{end}}. Every answer knows the fields Service, Comune (whose service it is), Number, Channels, RulesURL, PrivacyURL, Launch and Hours; those
// to a citizen whose details we read know GivenName, FamilyName, Residence (their Comune) and Known, which is those three, one to a line, too.
//
// Confirmation also knows Late; Incomplete and Expired Missing, and Incomplete Several, filled in when more than one detail lacks; Check
// Unknown, a Comune that is none we know, and Couple, filled in when two people are named; Leaving Bereaved and NewHolder; Paused Until;
// MyData Held; MyData and Privacy Deliveries and Remember, for how long the rows about deliveries and the traces of who left are kept.
type Templates struct {
	Confirmation  string
	Privacy       string
	Already       string
	Incomplete    string
	OptIn         string
	Check         string
	Dropped       string
	Expired       string
	HowToCorrect  string
	Corrected     string
	Leaving       string
	Stays         string
	Goodbye       string
	NotRegistered string
	OnlyUrgent    string
	AllNews       string
	Paused        string
	Choice        string
	Help          string
	MyData        string
	Emergency     string
	Other         string
	Again         string
	Office        string
	Call          string
	Unreadable    string
}
