package whatsapp

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"go.mau.fi/libsignal/logger"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

const (
	dialTimeout      = 30 * time.Second // the library itself would wait for a mute server without end
	reconnectStep    = 2 * time.Second  // the library's delay before it connects again, for each failure in a row
	reconnectCeiling = 25               // failures after which that delay grows no more: back within a minute
	retriesAtOnce    = 2                // phones that could not decrypt, served at the same time
	historyDays      = 30
	historyMegabytes = 100
)

// processOnce guards the two settings the libraries keep in package variables: read at every pairing and decryption, they
// may only be written once, before the first connection of the process.
var processOnce sync.Once

func configureProcess(device string) {
	processOnce.Do(func() {
		var quiet logger.Loggable = silence{}
		logger.Setup(&quiet)
		if device != "" {
			store.DeviceProps.Os = proto.String(device)
		}
		askForHistory(store.DeviceProps.HistorySyncConfig)
	})
}

// askForHistory asks a phone that links us for as much of its history as we read: what citizens wrote while no device was
// linked. A month covers a phone that nobody linked again over the holidays; what is older has been answered by hand or
// forgotten. The phone may send more.
func askForHistory(config *waCompanionReg.DeviceProps_HistorySyncConfig) {
	config.RecentSyncDaysLimit = proto.Uint32(historyDays)
	config.FullSyncDaysLimit = proto.Uint32(historyDays)
	config.FullSyncSizeMbLimit = proto.Uint32(historyMegabytes)
	config.SupportCallLogHistory = proto.Bool(false)
	config.SupportGroupHistory = proto.Bool(false)
}

// configure sets every switch of the library, here and nowhere else.
func (c *Client) configure(lib *whatsmeow.Client) *wire {
	lib.BackgroundEventCtx = c.life               // what the library starts by itself ends with us
	lib.SynchronousAck = true                     // acknowledge after the handler, in order, receipts included
	lib.EnableDecryptedEventBuffer = true         // a text whose handler failed can be read again
	lib.AutomaticMessageRerequestFromPhone = true // the phone may have what we could not decrypt
	lib.ManualHistorySyncDownload = true          // we keep its tokens and LIDs and drop the conversations (history)
	lib.DisableManualHistorySyncReceipt = true    // the phone is told when it has been read, not when it has come
	lib.UseRetryMessageStore = false              // it would keep every text for every person, and shadows the next line
	lib.GetMessageForRetry = c.forRetry(lib)      // from the outbox, also after a restart
	lib.PreRetryCallback = c.allowRetry           // and only by Repeat, which is told when
	lib.PrePairCallback = c.allowPair             // only the configured number
	lib.DisableLoginAutoReconnect = true          // the library tries that reconnect once; our way goes on trying
	lib.EnableAutoReconnect = true                // a broken line is the library's business
	lib.InitialAutoReconnect = true               // also at boot, before the network is up
	lib.AutoReconnectHook = c.goOn(lib)           // its delay knows neither a limit nor the floor between logins
	lib.AutoTrustIdentity = true                  // people change phones; we have no way to compare safety numbers
	lib.SendReportingTokens = true                // as the official clients do
	lib.SetMaxParallelRetryReceiptHandling(retriesAtOnce)
	// Presence is never sent: as long as we are "unavailable" the Comune's phone keeps ringing.

	lib.GetClientPayload = func() *waWa6.ClientPayload { return c.versions.payload(lib.Store) }
	wire := &wire{base: c.http.Transport, life: c.life}
	dial := &http.Client{Transport: wire, Timeout: dialTimeout} // it bounds the handshake, not the life of the websocket
	lib.SetWebsocketHTTPClient(dial)
	lib.SetPreLoginHTTPClient(dial)
	lib.SetMediaHTTPClient(c.http)
	return wire
}

// configureHTTP decides how we reach WhatsApp.
func (c *Client) configureHTTP() {
	c.http = c.options.HTTPClient
	if c.http == nil {
		c.http = &http.Client{Transport: newTransport()}
	}
	page := *c.http
	page.Transport = pageOnly{c.http.Transport}
	c.page = &page
}

// configurePairing turns off what only a linked device can do.
func configurePairing(lib *whatsmeow.Client) {
	lib.EnableAutoReconnect = false // the codes of the old connection are void; Pair makes a new one
	lib.InitialAutoReconnect = false
}

// goOn is asked after each attempt to reconnect that failed, also because of the floor between logins.
func (c *Client) goOn(lib *whatsmeow.Client) func(error) bool {
	return func(err error) bool {
		c.endIsHeard()
		lib.AutoReconnectErrors = min(lib.AutoReconnectErrors, reconnectCeiling)
		if soon, ok := errors.AsType[*tooSoonError](err); ok {
			lib.AutoReconnectErrors = int((soon.left + reconnectStep - 1) / reconnectStep)
		}
		return c.stopping.Err() == nil
	}
}

func (c *Client) allowPair(jid types.JID, _, _ string) bool { return "+"+jid.User == c.options.Number }
