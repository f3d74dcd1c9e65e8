package console

import "time"

// Zone is the time that the consoles' pages show and take: UTC+8, all year.
var Zone = time.FixedZone("UTC+8", 8*60*60)

// Stamp is a moment as the pages show it, to the second; "" for none.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone).Format("2006-01-02 15:04:05")
}

// Day reads the value of a date field: the moment at which that day begins. ok is false for
// what is no day.
func Day(text string) (t time.Time, ok bool) {
	t, err := time.ParseInLocation("2006-01-02", text, Zone)
	return t, err == nil
}
