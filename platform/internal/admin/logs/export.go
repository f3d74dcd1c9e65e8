package logs

import (
	"encoding/csv"
	"io"
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// An export holds the newest entries that fit the filter, so many at most; each read takes
// one block, so that no reader is held for long.
const (
	maxExport   = 50_000
	exportBlock = 1000
)

// export answers a log as CSV. Who takes it out, and with which filter, is in the log too.
func (h *Handler) export(l log) action {
	return func(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
		f := readFilter(r.PostForm)
		f.before = 0
		if err := h.Audit.Record(r.Context(), v.Entry(audit.LogExported, l.export, f.values().Encode())); err != nil {
			return err
		}
		q := l.query(v.Corp.Row, f, exportBlock)
		found, more, err := h.Audit.Entries(r.Context(), q)
		if err != nil {
			return err
		}
		head := w.Header()
		head.Set("Content-Type", "text/csv; charset=utf-8")
		head.Set("Content-Disposition", `attachment; filename="`+l.export+"-"+h.Audit.Now().In(console.Zone).Format("20060102-150405")+`.csv"`)
		// The mark by which spreadsheets know the text as UTF-8.
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return nil
		}
		out := csv.NewWriter(w)
		h.writeRow(out, h.heads(r))
		for n := 0; ; {
			for _, e := range found {
				h.writeRow(out, h.cells(r, e))
			}
			if n += len(found); !more || n >= maxExport {
				break
			}
			q.Before = found[len(found)-1].ID
			if found, more, err = h.Audit.Entries(r.Context(), q); err != nil {
				return err // the answer has begun: it ends short, and the log says why
			}
		}
		out.Flush()
		return nil
	}
}

func (h *Handler) heads(r *http.Request) []string {
	var list []string
	for _, key := range []string{"logs.column.time", "logs.column.action", "logs.column.who", "logs.column.userid",
		"logs.column.app", "logs.column.target", "logs.column.detail", "logs.column.address"} {
		list = append(list, h.Respond.Say(r, key))
	}
	return list
}

func (h *Handler) cells(r *http.Request, e audit.Shown) []string {
	l := line(e)
	if l.How != "" {
		l.Detail = strings.TrimSuffix(h.Respond.Say(r, "logs.how."+l.How)+" · "+l.Detail, " · ")
	}
	return []string{l.At, h.Respond.Say(r, "logs.action."+string(e.Action)), e.Name, e.UserID, e.App, e.Target, l.Detail, e.Address}
}

func (h *Handler) writeRow(out *csv.Writer, cells []string) {
	for i, cell := range cells {
		cells[i] = plain(cell)
	}
	_ = out.Write(cells) // a client that went away
}

// plain keeps a spreadsheet from reading a value as a formula.
func plain(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}
