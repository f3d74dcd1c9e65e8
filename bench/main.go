// Command bench measures whole sign-ins against the built binary, beside a floor: the least
// that any server of this kind could do (net/http, five small answers, two group-committed
// writes). Server and floor run in processes of their own, one after the other, so that the
// processor time in the table is theirs alone; the ratio is what to quote.
//
//	go run ./bench -binary bin/hufu
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) == 4 && os.Args[1] == "floor" {
		exit(serveFloor(ctx, os.Args[2], os.Args[3]))
	}
	binary := flag.String("binary", "bin/hufu", "the built binary")
	signIns := flag.Int("n", 4000, "sign-ins counted in each row")
	at := flag.String("at", "16,64", "sign-ins at once")
	rounds := flag.Int("rounds", 3, "rounds of server and floor; the table shows the median")
	flag.Parse()
	exit(run(ctx, *binary, *signIns, *rounds, strings.Split(*at, ",")))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func run(ctx context.Context, binary string, signIns, rounds int, at []string) error {
	fmt.Println(machine())
	start, err := startTime(ctx, binary)
	if err != nil {
		return err
	}
	fmt.Printf("start of the built binary to its first page: %s (median of 5; budget 150 ms)\n\n", ms(start))
	header()
	for _, a := range at {
		workers, err := strconv.Atoi(a)
		if err != nil {
			return err
		}
		var server, floor []result
		for range rounds {
			s, err := measureServer(ctx, binary, workers, signIns)
			if err != nil {
				return fmt.Errorf("server: %w", err)
			}
			f, err := measureFloor(ctx, workers, signIns)
			if err != nil {
				return fmt.Errorf("floor: %w", err)
			}
			server, floor = append(server, s), append(floor, f)
		}
		report(workers, median(server), median(floor))
	}
	return nil
}
