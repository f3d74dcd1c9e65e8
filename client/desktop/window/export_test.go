package window

// Active is how many requests of the window's pages are being answered.
func (w *Window) Active() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.active
}
