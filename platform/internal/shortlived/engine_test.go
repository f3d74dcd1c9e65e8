package shortlived_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/shortlived/shortlivedtest"
)

func TestEmbedded(t *testing.T) {
	shortlivedtest.Run(t, func(dir string, now func() time.Time) (shortlivedtest.Engine, error) {
		return shortlived.Embedded(filepath.Join(dir, "shortlived.db"), now)
	})
}
