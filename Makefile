# Two commands do everything: make run, make test.

GO        ?= go
BIN       := bin/palabre
LINT      := bin/golangci-lint
LISTEN    ?= 127.0.0.1:8080
SHOTS     ?= bin/shots
export CGO_ENABLED := 1

.PHONY: run test build lint packages shots bench fuzz clean

# Builds the program, starts everything embedded, loads the acceptance timeline
# and prints the address.
run: build
	@exec $(BIN) serve --listen $(LISTEN)

build:
	@echo "building palabre (a first build takes a few minutes)"
	@$(GO) build -o $(BIN) ./cmd/palabre

# Installs what the tests need, then vet and linters, then every test.
test: packages lint
	CI=true $(GO) test -race -timeout 24m ./...

# Chromium opens the pages and prints digests, pdftotext reads the print.
packages:
	@missing=; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="chromium fonts-noto-core fonts-hosny-amiri"; \
	command -v pdftotext >/dev/null || missing="$$missing poppler-utils"; \
	if [ -n "$$missing" ]; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "installing $$missing"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
		else \
			echo "the tests need $$missing: install it, or run make test as root on Debian" >&2; exit 1; \
		fi; \
	fi

# Pictures of every page, with the timeline loaded, for people to look at.
shots:
	@mkdir -p $(SHOTS)
	CI=true $(GO) test ./api -run 'TestBrowser$$' -count 1 -shots $(abspath $(SHOTS))
	@echo "the pictures are in $(SHOTS)"

lint: $(LINT)
	$(GO) vet ./...
	$(LINT) run

$(LINT): tools/go.mod tools/go.sum
	@echo "building the linters"
	@cd tools && $(GO) build -o ../$(LINT) github.com/golangci/golangci-lint/v2/cmd/golangci-lint

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

# A minute for each fuzz target.
fuzz:
	@for target in $$(grep -rln '^func Fuzz' --include='*_test.go' .); do \
		for name in $$(grep -o '^func Fuzz[A-Za-z]*' $$target | cut -c6-); do \
			$(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime 1m ./$$(dirname $$target) || exit 1; \
		done; \
	done

clean:
	rm -rf bin
