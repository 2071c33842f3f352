package whatsapptest

import (
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// answer is what a query gets back: children of the result, or an error when code is not zero.
type answer struct {
	children []waBinary.Node
	code     int
	text     string
	then     func() // runs with the server's lock held, in one step with the queueing of the answer
}

func result(children ...waBinary.Node) answer { return answer{children: children} }

func refusal(code int, text string) answer { return answer{code: code, text: text} }

// queries says who answers which question: the key is the namespace, the type and the first
// child's tag.
func (c *conn) queries() map[string]func(query *waBinary.Node) answer {
	return map[string]func(*waBinary.Node) answer{
		"w:p get":                             emptyAnswer,
		"w:p get ping":                        emptyAnswer,
		"encrypt get count":                   c.answerPrekeyCount,
		"encrypt set registration":            c.takePrekeys,
		"encrypt get key":                     c.answerBundles,
		"encrypt get digest":                  c.answerDigest,
		"encrypt set rotate":                  c.takeSignedPrekey,
		"passive set active":                  c.activate,
		"passive set passive":                 emptyAnswer,
		"usync get usync":                     c.answerUsync,
		"privacy get privacy":                 c.answerPrivacy,
		"privacy set privacy":                 c.takePrivacy,
		"privacy set tokens":                  emptyAnswer,
		"w:m set media_conn":                  c.answerMediaConn,
		"w:sync:app:state set sync":           c.answerSync,
		"w:profile:picture get picture":       answerNoPicture,
		"blocklist get":                       answerBlocklist,
		"status get privacy":                  answerStatusPrivacy,
		"urn:xmpp:whatsapp:dirty set clean":   emptyAnswer,
		"md set remove-companion-device":      c.removeDevice,
		"abt get props":                       answerProps,
		"w get props":                         answerProps,
		"w:g2 get participating":              answerNoGroups,
		"urn:xmpp:whatsapp:push set config":   emptyAnswer,
		"urn:xmpp:whatsapp:push get settings": emptyAnswer,
		"newsletter get query":                emptyAnswer,
		"tos get request":                     emptyAnswer,
		"w:web set signals":                   emptyAnswer,
	}
}

// earlyQueries says who answers a client that is not linked.
func (c *conn) earlyQueries() map[string]func(query *waBinary.Node) answer {
	return map[string]func(*waBinary.Node) answer{
		"w:p get":                          emptyAnswer,
		"w:p get ping":                     emptyAnswer,
		"md get ref":                       c.inCeremony(answerRef),
		"md get passkey_request_options":   c.inCeremony(answerOptions),
		"md set passkey_prologue":          c.inCeremony(takePrologue),
		"md set companion_nonce":           c.inCeremony(takeNonce),
		"md set encrypted_pairing_request": c.inCeremony(takePairingRequest),
		"md set link_code_companion_reg":   c.takeLinkCode,
	}
}

// handleIQ answers a query, or takes a client's answer to one of ours.
func (c *conn) handleIQ(node *waBinary.Node) {
	kind := attrString(node, "type")
	if kind == "result" || kind == "error" {
		if !c.handlePairing(node) {
			c.s.offend(UnknownQuery, "an answer to a question that nobody asked")
		}
		return
	}
	id, space := attrString(node, "id"), attrString(node, "xmlns")
	if id == "" || space == "" {
		c.s.offend(Malformed, "an iq without id or xmlns")
		return
	}
	name := space + " " + kind
	if children := node.GetChildren(); len(children) > 0 {
		name += " " + children[0].Tag
	}
	c.s.mu.Lock()
	c.s.stats.Queries[space]++
	c.s.mu.Unlock()

	handler := c.queries()[name]
	if c.device == nil {
		handler = c.earlyQueries()[name]
	}
	if handler == nil {
		c.s.offend(UnknownQuery, "%s", name)
		handler = func(*waBinary.Node) answer { return refusal(501, "feature-not-implemented") }
	}
	if code := c.s.queryFault(name); code != 0 {
		c.reply(node, refusal(code, "as the test wishes"))
		return
	}
	c.reply(node, handler(node))
}

func (c *conn) reply(query *waBinary.Node, a answer) {
	attrs := waBinary.Attrs{"from": types.ServerJID, "id": query.Attrs["id"], "type": "result", "t": time.Now().Unix()}
	if to := attrJID(query, "to"); to.Server != "" {
		attrs["from"] = to
	}
	node := waBinary.Node{Tag: "iq", Attrs: attrs}
	switch {
	case a.code != 0:
		attrs["type"] = "error"
		node.Content = []waBinary.Node{{Tag: "error", Attrs: waBinary.Attrs{"code": a.code, "text": a.text}}}
	case len(a.children) > 0:
		node.Content = a.children
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.send(node)
	if a.then != nil {
		a.then()
	}
}

func emptyAnswer(*waBinary.Node) answer { return result() }

func (c *conn) activate(*waBinary.Node) answer {
	return answer{then: func() { c.s.activateLocked(c) }}
}

// answerMediaConn names the host for files: WhatsApp's, or the address by which a client
// reached the TLS port without a proxy.
func (c *conn) answerMediaConn(*waBinary.Node) answer {
	host := mediaHost
	if isMediaHost(c.host) {
		host = c.host
	}
	return result(waBinary.Node{
		Tag:     "media_conn",
		Attrs:   waBinary.Attrs{"auth": mediaToken, "ttl": "300", "auth_ttl": "21600", "max_buckets": "12"},
		Content: []waBinary.Node{{Tag: "host", Attrs: waBinary.Attrs{"hostname": host}}},
	})
}

func answerNoPicture(*waBinary.Node) answer { return refusal(404, "item-not-found") }

func answerBlocklist(*waBinary.Node) answer {
	return result(waBinary.Node{Tag: "list", Attrs: waBinary.Attrs{"dhash": "0"}})
}

func answerStatusPrivacy(*waBinary.Node) answer {
	list := waBinary.Node{Tag: "list", Attrs: waBinary.Attrs{"type": "contacts", "default": "true"}}
	return result(waBinary.Node{Tag: "privacy", Content: []waBinary.Node{list}})
}

func answerProps(*waBinary.Node) answer {
	return result(waBinary.Node{Tag: "props", Attrs: waBinary.Attrs{"hash": "0", "refresh": "86400"}})
}

func answerNoGroups(*waBinary.Node) answer { return result(waBinary.Node{Tag: "groups"}) }

// removeDevice is the client's own log-out.
func (c *conn) removeDevice(*waBinary.Node) answer {
	identity := c.device.acct.phone.hand.identityKey()
	return answer{then: func() {
		c.s.forgetLocked(c.device, identity)
		c.finish() // the client forgets its session by itself
	}}
}
