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
	lock := map[string]any{"enforcement_type": "RESTRICT_ALL_COMPANIONS", "is_active": active}
	if !until.IsZero() {
		lock["time_enforcement_ends"] = strconv.FormatInt(until.Unix(), 10)
	}
	s.update(number, "NotificationUserReachoutTimelockUpdate", "xwa2_notify_account_reachout_timelock", lock)
}

// Cap tells an account's linked devices how many people the account has written to first in this cycle, of how many, and
// when the next begins. The state is "NONE", "FIRST_WARNING", "SECOND_WARNING" or "CAPPED". It is the word only, like
// [Server.RestrictReachout]. An unknown number is nobody.
func (s *Server) Cap(number, state string, used, quota int, ends time.Time) {
	unix := func(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }
	s.update(number, "MessageCappingInfoNotification", "xwa2_notify_new_chat_messages_capping_info_update", map[string]any{
		"capping_status": state, "used_quota": used, "total_quota": quota, "ote_status": "NOT_ELIGIBLE", "mv_status": "NOT_ELIGIBLE",
		"cycle_start_timestamp": unix(ends.AddDate(0, 0, -30)), "cycle_end_timestamp": unix(ends),
		"server_sent_timestamp": unix(time.Now()),
	})
}

// Notify sends an account's linked devices a notification of any type with one child, also of a type that no client knows:
// it is kept until it is acknowledged, like all. An empty child is none; an unknown number is nobody.
func (s *Server) Notify(number, kind, child string, content []byte) {
	node := waBinary.Node{Tag: child}
	if content != nil {
		node.Content = content
	}
	s.tellLinked(number, kind, node)
}

// update is a word of the kind that names its operation and holds JSON.
func (s *Server) update(number, operation, name string, word map[string]any) {
	content, err := json.Marshal(map[string]any{"data": map[string]any{name: word}})
	if err != nil {
		panic(err) // strings, numbers and a bool
	}
	s.tellLinked(number, "mex", waBinary.Node{Tag: "update", Attrs: waBinary.Attrs{"op_name": operation}, Content: content})
}

// tellLinked notifies all linked devices of a number.
func (s *Server) tellLinked(number, kind string, child waBinary.Node) {
	phone := s.Phone(number)
	if phone == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range phone.acct.linkedDevices() {
		s.notifyLocked(l, kind, types.ServerJID, nil, child)
	}
}
