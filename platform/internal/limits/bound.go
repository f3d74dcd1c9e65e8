package limits

import "crypto/sha256"

// bounded keeps a hostile key from holding more memory than a digest does.
func bounded(key string) string {
	if len(key) <= 64 {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return string(sum[:])
}

// dropLowest removes one entry: the one of lowest weight among a few that the
// map's random order offers. So a flood of fresh keys pushes out its own, and
// the busy ones stay.
func dropLowest[V any](m map[string]V, weight func(V) int64) {
	var lowest string
	var least int64
	seen := 0
	for key, v := range m {
		if w := weight(v); seen == 0 || w < least {
			lowest, least = key, w
		}
		if seen++; seen == 16 {
			break
		}
	}
	delete(m, lowest)
}
