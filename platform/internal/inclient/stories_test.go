package inclient

import (
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/respond/respondtest"
)

func TestStories(t *testing.T) {
	t.Parallel()
	respondtest.Stories(t, Stories())
}
