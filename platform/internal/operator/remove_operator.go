package operator

import (
	"database/sql"
	"errors"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// removeOperator takes the platform from another operator. Nobody removes themselves, so there
// is always one left.
func (h *Handler) removeOperator(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	ctx := r.Context()
	row, err := strconv.ParseInt(r.PathValue("person"), 10, 64)
	if err != nil || row == v.Person.Row {
		return respond.NotFound()
	}
	person, err := h.Directory.Person(ctx, row)
	if err == nil {
		err = h.Directory.DB.Update(ctx, func(tx *sql.Tx) error {
			if err := h.Directory.RemoveOperator(ctx, tx, row); err != nil {
				return err
			}
			return h.Audit.RecordIn(ctx, tx, v.Entry(audit.OperatorRemoved, person.Name+" "+person.Account, ""))
		})
	}
	if errors.Is(err, directory.ErrNotFound) {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	h.Console.Flash(w, r, "operator.operators.removed")
	return v.See(w, "")
}
