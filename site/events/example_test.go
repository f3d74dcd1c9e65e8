package events_test

import (
	"context"
	"log"
	"net/http"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/events"
)

func Example() {
	tickets, err := events.OpenTickets("/var/lib/mysite/tickets.json")
	if err != nil {
		log.Fatal(err)
	}
	receiver, err := events.New(events.Config{
		SuiteID:        "ww4asffe99e54c0f4c",
		ProviderCorpID: "wwprovider00000001",
		Token:          "QDG6eK",
		EncodingAESKey: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
		Tickets:        tickets,
		Handle: func(_ context.Context, e protocol.Event) error {
			log.Println(e.InfoType, e.AuthCorpID)
			return nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/wecom/login-suite", receiver) // the suite's 指令回调URL

	suite := site.New(site.Config{}).Suite("ww4asffe99e54c0f4c", "SuiteSecret", tickets)
	_ = suite // suite.Exchange works once the first ticket has arrived
}
