package protocol

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// Values of Event.ChangeType (90639, 90640, 92656).
const (
	ChangeCreateUser  = "create_user"
	ChangeUpdateUser  = "update_user"
	ChangeDeleteUser  = "delete_user"
	ChangeCreateParty = "create_party"
	ChangeUpdateParty = "update_party"
	ChangeDeleteParty = "delete_party"
	ChangeUpdateTag   = "update_tag"
)

// Contact holds the fields of a change_contact event. Which of them are set
// depends on the ChangeType; an update carries the ids and what has changed.
// A field that is zero or empty is not written, and is read from an event that
// lacks it.
type Contact struct {
	// Of users (90639). UserID is the id before the change, NewUserID the one
	// it has become; a third party sees the userid as Name.
	UserID     string
	OpenUserID string
	NewUserID  string
	Name       string
	Department []int64 // ids of the member's departments
	// MainDepartment is one of Department. IsLeaderInDept runs in parallel to
	// it: 1 where the member leads.
	MainDepartment int64
	IsLeaderInDept []int64
	DirectLeader   []string
	Mobile         string
	Position       string
	Gender         string // "0" unknown, "1" male, "2" female
	Email          string
	BizMail        string
	Status         int64 // 1 active, 2 disabled, 4 not activated, 5 left
	Avatar         string
	Alias          string
	Telephone      string
	Address        string

	// Of departments (90640), with Name.
	ID       int64
	ParentID int64
	Order    *int64 // uint32; may be 0

	// Of tags (92656).
	TagID         int64
	AddUserItems  []string
	DelUserItems  []string
	AddPartyItems []int64
	DelPartyItems []int64
}

// wireContact is a Contact as it stands in XML: numbers and lists as text.
type wireContact struct {
	XMLName        xml.Name `xml:"xml"`
	UserID         string   `xml:"UserID"`
	OpenUserID     string   `xml:"OpenUserID"`
	NewUserID      string   `xml:"NewUserID"`
	Name           string   `xml:"Name"`
	Department     string   `xml:"Department"`
	MainDepartment string   `xml:"MainDepartment"`
	IsLeaderInDept string   `xml:"IsLeaderInDept"`
	DirectLeader   string   `xml:"DirectLeader"`
	Mobile         string   `xml:"Mobile"`
	Position       string   `xml:"Position"`
	Gender         string   `xml:"Gender"`
	Email          string   `xml:"Email"`
	BizMail        string   `xml:"BizMail"`
	Status         string   `xml:"Status"`
	Avatar         string   `xml:"Avatar"`
	Alias          string   `xml:"Alias"`
	Telephone      string   `xml:"Telephone"`
	Address        string   `xml:"Address"`
	ID             string   `xml:"Id"`
	ParentID       string   `xml:"ParentId"`
	Order          string   `xml:"Order"`
	TagID          string   `xml:"TagId"`
	AddUserItems   string   `xml:"AddUserItems"`
	DelUserItems   string   `xml:"DelUserItems"`
	AddPartyItems  string   `xml:"AddPartyItems"`
	DelPartyItems  string   `xml:"DelPartyItems"`
}

// parseContact reads the fields of a change_contact event. A number that is
// none makes the event ErrMalformed: acting on a wrong id is worse than not
// acting.
func parseContact(body []byte) (Contact, error) {
	var w wireContact
	if err := unmarshalXML(body, &w); err != nil {
		return Contact{}, err
	}
	c := Contact{
		UserID: w.UserID, OpenUserID: w.OpenUserID, NewUserID: w.NewUserID, Name: w.Name,
		DirectLeader: split(w.DirectLeader), Mobile: w.Mobile, Position: w.Position, Gender: w.Gender,
		Email: w.Email, BizMail: w.BizMail, Avatar: w.Avatar, Alias: w.Alias, Telephone: w.Telephone, Address: w.Address,
		AddUserItems: split(w.AddUserItems), DelUserItems: split(w.DelUserItems),
	}
	for to, text := range map[*int64]string{&c.MainDepartment: w.MainDepartment, &c.Status: w.Status,
		&c.ID: w.ID, &c.ParentID: w.ParentID, &c.TagID: w.TagID} {
		n, err := eventNumbers(text)
		if err != nil || len(n) > 1 {
			return Contact{}, ErrMalformed
		}
		if len(n) == 1 {
			*to = n[0]
		}
	}
	order, err := eventNumbers(w.Order)
	if err != nil || len(order) > 1 {
		return Contact{}, ErrMalformed
	}
	if len(order) == 1 {
		c.Order = &order[0]
	}
	for to, text := range map[*[]int64]string{&c.Department: w.Department, &c.IsLeaderInDept: w.IsLeaderInDept,
		&c.AddPartyItems: w.AddPartyItems, &c.DelPartyItems: w.DelPartyItems} {
		if *to, err = eventNumbers(text); err != nil {
			return Contact{}, err
		}
	}
	return c, nil
}

// append writes the fields that are set, in the documented order.
func (c Contact) append(b []byte) []byte {
	b = appendSet(b, "UserID", c.UserID)
	b = appendSet(b, "OpenUserID", c.OpenUserID)
	b = appendSet(b, "NewUserID", c.NewUserID)
	b = appendWhole(b, "Id", c.ID)
	b = appendSet(b, "Name", c.Name)
	b = appendSet(b, "Department", join(c.Department))
	b = appendWhole(b, "MainDepartment", c.MainDepartment)
	b = appendSet(b, "IsLeaderInDept", join(c.IsLeaderInDept))
	b = appendSet(b, "DirectLeader", strings.Join(c.DirectLeader, ","))
	b = appendSet(b, "Mobile", c.Mobile)
	b = appendSet(b, "Position", c.Position)
	if c.Gender != "" {
		b = appendNumber(b, "Gender", c.Gender)
	}
	b = appendSet(b, "Email", c.Email)
	b = appendSet(b, "BizMail", c.BizMail)
	b = appendWhole(b, "Status", c.Status)
	b = appendSet(b, "Avatar", c.Avatar)
	b = appendSet(b, "Alias", c.Alias)
	b = appendSet(b, "Telephone", c.Telephone)
	b = appendSet(b, "Address", c.Address)
	b = appendWhole(b, "ParentId", c.ParentID)
	if c.Order != nil {
		b = appendNumber(b, "Order", strconv.FormatInt(*c.Order, 10))
	}
	b = appendWhole(b, "TagId", c.TagID)
	b = appendSet(b, "AddUserItems", strings.Join(c.AddUserItems, ","))
	b = appendSet(b, "DelUserItems", strings.Join(c.DelUserItems, ","))
	b = appendSet(b, "AddPartyItems", join(c.AddPartyItems))
	return appendSet(b, "DelPartyItems", join(c.DelPartyItems))
}

func appendWhole(b []byte, name string, n int64) []byte {
	if n == 0 {
		return b
	}
	return appendNumber(b, name, strconv.FormatInt(n, 10))
}

func join(list []int64) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(texts, ",")
}

func split(text string) []string {
	var list []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

func eventNumbers(text string) ([]int64, error) {
	var list []int64
	for _, item := range split(text) {
		n, err := strconv.ParseInt(item, 10, 64)
		if err != nil {
			return nil, ErrMalformed
		}
		list = append(list, n)
	}
	return list, nil
}
