package whatsapptest

import (
	"maps"
	"strings"
)

// Stats counts what real clients did since the server started.
type Stats struct {
	Connections  int            // websockets opened
	Attempts     int            // clients that introduced themselves, to log in or to register, the refused ones included
	Logins       int            // successful ones
	DeadScans    int            // codes that a phone scanned in vain, because they were dead
	PageRequests int            // how often the web page was asked for, in vain or not
	Messages     int            // message stanzas taken, repeated ones and answers to retries included
	Refused      int            // message stanzas answered with an error
	Prekeys      int            // one-time prekeys of phones handed out
	Bundles      int            // prekey bundles of phones handed out
	LostCopies   int            // copies for own phones under a counter that was used before: the phone cannot read them
	Uploads      int            // files taken
	HistoryLeft  int            // pieces of histories that no client has deleted
	Queries      map[string]int // iqs by namespace
	Asked        map[string]int // how often a client asked usync about an address, its own included: "+39..." or a LID's digits
	KeysAsked    map[string]int // how often a client asked for the prekeys of an address, by the same names
}

func newStats() Stats {
	return Stats{Queries: map[string]int{}, Asked: map[string]int{}, KeysAsked: map[string]int{}}
}

// Stats returns a copy of the counters.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := s.stats
	for name := range s.media {
		if strings.HasPrefix(name, historyPath) {
			copied.HistoryLeft++
		}
	}
	copied.Queries = maps.Clone(s.stats.Queries)
	copied.Asked = maps.Clone(s.stats.Asked)
	copied.KeysAsked = maps.Clone(s.stats.KeysAsked)
	return copied
}
