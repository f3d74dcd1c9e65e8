# What a developer of Hufu runs. `go test ./...` needs Go alone; `make test` is everything
# and installs what it needs beyond Go (Debian: Chromium, CJK fonts, Node.js).

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.5.0
GOTESTSUM   := gotest.tools/gotestsum@v1.13.0

.PHONY: build cross test lint vuln needs bench pictures storybook

build:
	go build -trimpath -ldflags '-s -w' -o bin/hufu ./cmd/hufu

# The desktop client is for these systems too. Nothing is kept or run: without optimisation the
# compiler needs two thirds of the time.
cross:
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 go build -gcflags='all=-N -l' -o /dev/null ./cmd/hufu
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 go build -gcflags='all=-N -l' -o /dev/null ./cmd/hufu

# Everything, the Go packages with the race detector; ends with the summary over all tests.
test: needs lint cross vuln build
	HUFU_TEST_ALL=1 go run $(GOTESTSUM) --format pkgname --raw-command -- .ci/tests

lint:
	@files=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$files" || { echo "not gofmt-ed: $$files"; exit 1; }
	go vet ./...
	cd conformance && go vet ./...
	go run $(STATICCHECK) ./...
	cd conformance && go run $(STATICCHECK) ./...

# A known hole in what we use is a failure (govulncheck's status 3, which `go run` would
# hide); a database that cannot be reached is not.
vuln:
	@GOBIN=$(CURDIR)/bin go install $(GOVULNCHECK)
	@code=0; bin/govulncheck ./... || code=$$?; \
	case $$code in \
	0) ;; \
	3) exit 3 ;; \
	*) echo "govulncheck: the vulnerability database could not be reached or read; going on without it" ;; \
	esac

needs:
	.ci/needs

bench: build
	go build -o bin/bench ./bench
	bin/bench -binary bin/hufu

# The pictures in README and docs, taken from the running program.
pictures: needs build
	cd conformance && HUFU_TEST_ALL=1 HUFU_PICTURES=$(CURDIR)/docs/images go test -count=1 -run 'TestPictures|TestWalk' ./browser

# Every page in every state, as pictures in bin/storybook.
storybook: needs build
	mkdir -p bin/storybook
	cd conformance && HUFU_TEST_ALL=1 HUFU_STORYBOOK_PICTURES=$(CURDIR)/bin/storybook go test -count=1 -timeout 15m -run StorybookPictures ./browser
