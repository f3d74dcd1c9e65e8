package tokens

import (
	"encoding/binary"
	"time"
)

// Details are what a person agreed to show an app beyond who they are (91122, 95833). The
// values are sealed into codes and user tickets: they never change.
type Details uint8

// Each detail is one bit. The eighth is free.
const (
	Avatar  Details = 1 << iota // 头像
	Gender                      // 性别
	QRCode                      // 员工个人二维码
	Mobile                      // 手机
	Email                       // 邮箱
	BizMail                     // 企业邮箱
	Address                     // 地址

	AllDetails = Avatar | Gender | QRCode | Mobile | Email | BizMail | Address
)

// Has tells whether all of some details are among these.
func (d Details) Has(some Details) bool { return d&some == some }

// UserTicketClaims is what a user_ticket says once it is open: whose details which app may
// read, and which.
type UserTicketClaims struct {
	App     int64 // app row
	Corp    int64 // corp row of the member
	Member  int64 // member row
	Person  int64
	Details Details
	At      time.Time
}

const userTicketLen = 4*8 + 1

// UserTicket makes the user_ticket of these claims. It is derived: the same claims give the
// same text.
func (k *Keeper) UserTicket(t UserTicketClaims) string {
	payload := append(words(t.At.UnixMilli(), t.Corp, t.Member, t.Person), byte(t.Details))
	return seal(k.boxes[UserTicket], UserTicket, t.App, nonceOf(k.derive(UserTicket, words(t.App), payload)), payload)
}

// OpenUserTicket opens a user_ticket: ErrInvalid for a text that is none, or from a time that
// has not come, ErrExpired after UserTicketLife. It is not spent by it.
func (k *Keeper) OpenUserTicket(text string) (UserTicketClaims, error) {
	app, p, err := open(k.boxes[UserTicket], UserTicket, text)
	if err != nil || len(p) != userTicketLen {
		return UserTicketClaims{}, ErrInvalid
	}
	word := func(i int) int64 { return int64(binary.BigEndian.Uint64(p[i:])) }
	t := UserTicketClaims{App: app, At: time.UnixMilli(word(0)), Corp: word(8), Member: word(16), Person: word(24),
		Details: Details(p[32])}
	now := k.now()
	switch {
	case !now.Before(t.At.Add(UserTicketLife)):
		return t, ErrExpired
	case now.Before(t.At.Add(-ahead)):
		return UserTicketClaims{}, ErrInvalid
	}
	return t, nil
}
