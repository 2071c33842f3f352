package whatsapptest

import (
	"go.mau.fi/whatsmeow/proto/waE2E"
)

// read turns a decrypted message into what a phone shows. Files are fetched and verified.
func (s *Server) read(content *waE2E.Message) Message {
	content = unwrapEphemeral(content)
	switch {
	case content.Conversation != nil:
		return Message{Kind: "text", Text: content.GetConversation()}
	case content.ExtendedTextMessage != nil:
		return Message{Kind: "text", Text: content.GetExtendedTextMessage().GetText()}
	case content.ImageMessage != nil:
		file := content.GetImageMessage()
		return Message{Kind: "image", Text: file.GetCaption(), Media: s.fetch("Image", file)}
	case content.VideoMessage != nil:
		file := content.GetVideoMessage()
		return Message{Kind: "video", Text: file.GetCaption(), Media: s.fetch("Video", file)}
	case content.DocumentMessage != nil:
		file := content.GetDocumentMessage()
		return Message{Kind: "document", Text: file.GetCaption(), Media: s.fetch("Document", file)}
	case content.AudioMessage != nil:
		return Message{Kind: "audio", Media: s.fetch("Audio", content.GetAudioMessage())}
	}
	return Message{Kind: "other"}
}

// unwrapEphemeral takes off the layers that say how a message is to be shown.
func unwrapEphemeral(content *waE2E.Message) *waE2E.Message {
	for range 4 {
		var inner *waE2E.Message
		for _, layer := range []*waE2E.FutureProofMessage{
			content.GetEphemeralMessage(), content.GetDocumentWithCaptionMessage(), content.GetViewOnceMessage(), content.GetViewOnceMessageV2(),
		} {
			if layer.GetMessage() != nil {
				inner = layer.GetMessage()
			}
		}
		if inner == nil {
			break
		}
		content = inner
	}
	return content
}

// stanzaType is the "type" of a message stanza with that content.
func stanzaType(content *waE2E.Message) string {
	if wrapped := content.GetDeviceSentMessage(); wrapped != nil {
		content = wrapped.GetMessage()
	}
	content = unwrapEphemeral(content)
	switch {
	case content.ReactionMessage != nil:
		return "reaction"
	case content.PollCreationMessage != nil, content.PollUpdateMessage != nil:
		return "poll"
	case content.Conversation != nil, content.ExtendedTextMessage != nil, content.ProtocolMessage != nil:
		return "text"
	}
	return "media"
}
