package recent

import "testing"

func TestSet(t *testing.T) {
	var s Set[int]
	if s.Has(1) {
		t.Error("an empty set has a fact")
	}
	s.Add(1)
	if !s.Has(1) || s.Has(2) {
		t.Error("the set has not what was added, or more")
	}
	for i := range 2*max + 1 {
		s.Add(i)
		if len(s.facts) > max {
			t.Fatalf("%d facts", len(s.facts))
		}
	}
	if !s.Has(2 * max) {
		t.Error("the newest fact is gone")
	}
}
