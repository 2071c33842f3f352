package whatsapp

import "time"

// Capping is what WhatsApp says of the chats that we begin with people who have not written first (unanswered new chats).
// What it means is hearsay (waha #2186, Baileys #2445).
type Capping struct {
	State CappingState
	Used  int       // of Quota; both zero when WhatsApp does not say
	Quota int       // -1: no limit
	Ends  time.Time // end of the period that is counted; zero when it does not say
}

// CappingState is how far the quota is used up.
type CappingState string

// The states, as WhatsApp names them.
const (
	CappingNone   CappingState = "NONE"
	CappingFirst  CappingState = "FIRST_WARNING"
	CappingSecond CappingState = "SECOND_WARNING"
	CappingFull   CappingState = "CAPPED"
)
