package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// result is one row of the table.
type result struct {
	cpu       time.Duration // of the server process, per 1,000 sign-ins
	perSecond float64
	p50, p99  time.Duration // of a whole sign-in's requests together
	r50, r99  time.Duration // of one request
	rss, peak float64       // MiB
}

// step is one sign-in; timed is called around each of its requests.
type step func(ctx context.Context, timed func(func() error) error) error

// measure runs signIns sign-ins, one worker each, closed loop, after a tenth as many for
// warming up.
func measure(ctx context.Context, p *process, workers []step, signIns int) (result, error) {
	if _, _, err := load(ctx, workers, max(len(workers), signIns/10)); err != nil {
		return result{}, err
	}
	before, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	begin := time.Now()
	whole, single, err := load(ctx, workers, signIns)
	if err != nil {
		return result{}, err
	}
	took := time.Since(begin)
	after, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	now, peak, err := p.memory()
	return result{cpu: (after - before) * 1000 / time.Duration(signIns), perSecond: float64(signIns) / took.Seconds(),
		p50: quantile(whole, 50), p99: quantile(whole, 99), r50: quantile(single, 50), r99: quantile(single, 99),
		rss: now, peak: peak}, err
}

func load(ctx context.Context, workers []step, signIns int) (whole, single []time.Duration, err error) {
	var left atomic.Int64
	left.Store(int64(signIns))
	var wg sync.WaitGroup
	var mu sync.Mutex // guards whole, single and err
	for _, signIn := range workers {
		wg.Go(func() {
			var w, s []time.Duration
			for left.Add(-1) >= 0 {
				var sum time.Duration
				failure := signIn(ctx, func(request func() error) error {
					begin := time.Now()
					err := request()
					took := time.Since(begin)
					sum += took
					s = append(s, took)
					return err
				})
				if failure != nil {
					left.Store(0)
					mu.Lock()
					err = errors.Join(err, failure)
					mu.Unlock()
					return
				}
				w = append(w, sum)
			}
			mu.Lock()
			whole, single = append(whole, w...), append(single, s...)
			mu.Unlock()
		})
	}
	wg.Wait()
	slices.Sort(whole)
	slices.Sort(single)
	return whole, single, err
}

func quantile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

func measureServer(ctx context.Context, binary string, workers, signIns int) (_ result, err error) {
	p, env, err := startServer(ctx, binary)
	if err != nil {
		return result{}, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	var steps []step
	for i := range workers {
		m, err := newMember(ctx, env, i)
		if err != nil {
			return result{}, err
		}
		steps = append(steps, m.signIn)
	}
	return measure(ctx, p, steps, signIns)
}

func measureFloor(ctx context.Context, workers, signIns int) (_ result, err error) {
	dir, err := os.MkdirTemp("", "hufu-floor-")
	if err != nil {
		return result{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return result{}, err
	}
	port, err := freePort()
	if err != nil {
		return result{}, err
	}
	p, err := start(ctx, self, "floor", dir, port)
	if err != nil {
		return result{}, err
	}
	p.dir = dir
	defer func() { err = errors.Join(err, p.stop()) }()
	base := "http://127.0.0.1:" + port
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		resp, err := http.Get(base + "/read")
		if err == nil {
			resp.Body.Close()
			break
		}
		if time.Now().After(deadline) {
			return result{}, fmt.Errorf("the floor did not start: %w", err)
		}
	}
	var steps []step
	for range workers {
		m := &member{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}}
		steps = append(steps, func(ctx context.Context, timed func(func() error) error) error {
			for i := range requests {
				path := "/read"
				if i >= requests-2 {
					path = "/write"
				}
				if err := timed(func() error { _, err := m.do(ctx, "GET", base+path, "", nil); return err }); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return measure(ctx, p, steps, signIns)
}
