package whatsapp

import "go.mau.fi/whatsmeow/types/events"

// WatchMessages lets a test see the messages of a client as its library does.
func (c *Client) WatchMessages(watch func(*events.Message)) {
	c.current().lib.AddEventHandler(func(event any) {
		if message, ok := event.(*events.Message); ok {
			watch(message)
		}
	})
}
