package whatsapptest_test

import (
	"testing"

	"go.mau.fi/whatsmeow/types"

	"banditore/bot/whatsapp/whatsapptest"
)

func TestDialogue(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]func(*whatsapptest.Phone){
		"LID":        func(p *whatsapptest.Phone) { p.ByLID() },
		"number":     func(p *whatsapptest.Phone) { p.ByNumber() },
		"LIDOnly":    func(p *whatsapptest.Phone) { p.HideNumber() },
		"numberOnly": func(p *whatsapptest.Phone) { p.HideLID() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := whatsapptest.Start(t)
			office, mario := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
			address(mario)
			c := linkedClient(t, s, office)

			id := mario.Text(office.Number(), "Attiva Notizie")
			got := c.awaitText("Attiva Notizie")
			if got.Info.ID != id {
				t.Errorf("got ID %s, want %s", got.Info.ID, id)
			}
			if err := mario.AwaitDelivered(soon(t), id); err != nil {
				t.Error(err)
			}
			answer := c.say(got.Info.Chat, "Benvenuto")
			shown := expectText(t, mario, "Benvenuto")
			if shown.ID != answer || shown.From != office.Number() || shown.FromLID != office.LID() {
				t.Errorf("got %+v, want ID %s from the office", shown, answer)
			}
			c.awaitReceipt(answer, types.ReceiptTypeDelivered)
			mario.Read(answer)
			c.awaitReceipt(answer, types.ReceiptTypeRead)
			settle(t, s)
			if copies := office.SentCopies(); len(copies) != 1 || copies[0].Text != "Benvenuto" || copies[0].To != mario.Number() {
				t.Errorf("got copies %+v, want the one answer", copies)
			}
			if filed := office.Messages(); len(filed) != 1 || filed[0].ID != id {
				t.Errorf("got %+v filed on the office's phone, want the one text", filed)
			}
		})
	}
}
