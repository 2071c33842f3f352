package whatsapp

// Ready tells whether AwaitReady would return nil at once.
func (c *Client) Ready() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.State == StateConnected && c.backlogOver
}
