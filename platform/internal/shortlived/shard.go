package shortlived

import (
	"hash/maphash"
	"sync"
)

// shardCount is how many parts the keys are spread over: enough that callers
// seldom wait for each other, and that sweeping one part is a short step.
const shardCount = 64

// shard is one part of the records and of those who watch them.
type shard struct {
	mu       sync.Mutex // guards everything below, and the entries' fields
	entries  map[string]*entry
	watchers map[string][]*watcher // each slice is replaced, never changed
}

// entry is one record in memory.
type entry struct {
	id      int64 // its row in the file
	key     string
	value   []byte // replaced, never changed
	version int64
	expires int64  // Unix milliseconds
	gone    bool   // swept: the row is to be deleted
	group   *group // the last one that the entry was put into
}

func (e *Engine) shard(key string) *shard {
	return &e.shards[maphash.String(e.seed, key)%shardCount]
}
