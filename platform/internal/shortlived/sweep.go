package shortlived

import "time"

const (
	// sweepEvery is the time between two steps; each step looks at one shard.
	sweepEvery = time.Second
	// sweepMost bounds the records that one step removes, and so the time for
	// which it holds its shard and the size of its group.
	sweepMost = 1000
	// sweepAfter is how long an expired record stays, for those who ask what
	// became of it.
	sweepAfter = 5 * time.Minute
)

// sweepUntilQuit removes expired records, one shard after the other.
func (e *Engine) sweepUntilQuit() {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-e.quit:
			return
		case <-tick.C:
			e.sweep(&e.shards[i%shardCount])
		}
	}
}

// sweep removes from s what expired long enough ago, and returns how many.
func (e *Engine) sweep(s *shard) (removed int) {
	limit := e.now().Add(-sweepAfter).UnixMilli()
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, r := range s.entries {
		if r.expires > limit {
			continue
		}
		if _, _, err := e.writer.put(r); err != nil {
			return removed
		}
		r.gone = true
		delete(s.entries, key)
		if removed++; removed == sweepMost {
			break
		}
	}
	return removed
}
