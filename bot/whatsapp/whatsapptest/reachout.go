package whatsapptest

import (
	"encoding/json"
	"strconv"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// RestrictReachout tells an account's linked devices that they may write first to nobody until
// then, or that they may again. It is the word only: for the refusals that go with it (463) see
// [Server.SetRefuser]. A zero time names no end. An unknown number is nobody.
func (s *Server) RestrictReachout(number string, active bool, until time.Time) {
	phone := s.Phone(number)
	if phone == nil {
		return
	}
	lock := map[string]any{"enforcement_type": "RESTRICT_ALL_COMPANIONS", "is_active": active}
	if !until.IsZero() {
		lock["time_enforcement_ends"] = strconv.FormatInt(until.Unix(), 10)
	}
	word, err := json.Marshal(map[string]any{"data": map[string]any{"xwa2_notify_account_reachout_timelock": lock}})
	if err != nil {
		panic(err) // strings and a bool
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range phone.acct.order() {
		if d.linked != nil {
			s.notifyLocked(d.linked, "mex", types.ServerJID, nil, waBinary.Node{
				Tag: "update", Attrs: waBinary.Attrs{"op_name": "NotificationUserReachoutTimelockUpdate"}, Content: word,
			})
		}
	}
}
