package shortlived

import "slices"

// watcher is one Watch of a key.
type watcher struct {
	changed func()
}

// Watch calls changed after each change of key; see Store. Here it runs on
// the goroutine that makes the change, as soon as Get shows it.
func (e *Engine) Watch(key string, changed func()) (stop func()) {
	s, w := e.shard(key), &watcher{changed}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[key] = append(slices.Clip(s.watchers[key]), w)
	return func() { s.unwatch(key, w) }
}

func (s *shard) unwatch(key string, w *watcher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := slices.DeleteFunc(slices.Clone(s.watchers[key]), func(other *watcher) bool { return other == w })
	if len(left) == 0 {
		delete(s.watchers, key)
		return
	}
	s.watchers[key] = left
}

// callAll is called without locks, so that changed may read and watch again.
func callAll(watchers []*watcher) {
	for _, w := range watchers {
		w.changed()
	}
}
