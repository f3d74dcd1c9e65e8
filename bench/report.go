package main

import (
	"fmt"
	"slices"
	"time"
)

func header() {
	fmt.Println("| at once | what | CPU per 1000 | ratio | sign-ins/s | whole sign-in p50 | p99 | request p50 | p99 | memory | peak |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|")
}

// median takes each figure's median over the rounds.
func median(rounds []result) result {
	pick := func(of func(result) float64) float64 {
		values := make([]float64, 0, len(rounds))
		for _, r := range rounds {
			values = append(values, of(r))
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	duration := func(of func(result) time.Duration) time.Duration {
		return time.Duration(pick(func(r result) float64 { return float64(of(r)) }))
	}
	return result{
		cpu:       duration(func(r result) time.Duration { return r.cpu }),
		perSecond: pick(func(r result) float64 { return r.perSecond }),
		p50:       duration(func(r result) time.Duration { return r.p50 }),
		p99:       duration(func(r result) time.Duration { return r.p99 }),
		r50:       duration(func(r result) time.Duration { return r.r50 }),
		r99:       duration(func(r result) time.Duration { return r.r99 }),
		rss:       pick(func(r result) float64 { return r.rss }),
		peak:      pick(func(r result) float64 { return r.peak }),
	}
}

func report(workers int, server, floor result) {
	row := func(what string, r result, ratio string) {
		fmt.Printf("| %d | %s | %.3f s | %s | %.0f | %s | %s | %s | %s | %.0f MiB | %.0f MiB |\n", workers, what,
			r.cpu.Seconds(), ratio, r.perSecond, ms(r.p50), ms(r.p99), ms(r.r50), ms(r.r99), r.rss, r.peak)
	}
	row("hufu", server, fmt.Sprintf("%.2f ×", float64(server.cpu)/float64(floor.cpu)))
	row("floor", floor, "1 ×")
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond)) }
