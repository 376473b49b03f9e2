# `make help` lists the targets.
GO            ?= go
BIN           ?= bin
TOOLS         ?= .tools
FUZZTIME      ?= 30s
SOAK          ?= 10
REPORTS ?= 10
GOLANGCI_LINT ?= v2.15.0
DEADCODE      ?= v0.52.0
REGAL         ?= v0.42.0
PROMTOOL      ?= v0.316.0

.PHONY: help
help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build every command into bin/
	$(GO) build -trimpath -o $(BIN)/ ./plugins/cmd/...

.PHONY: demo
demo: ## Play signed and forged deliveries through the plugins
	$(GO) run ./plugins/cmd/webhookctl demo

.PHONY: test
test: ## Run all tests
	$(GO) test ./...

# The race detector runs the packages in which something, or a test of it, starts a goroutine:
# it can find nothing where all runs in turn. It leaves out what only starts the go command, and
# in e2e tests that send one delivery at a time to processes of their own, or whose figures are
# those of memory, which `make test` runs; what is concurrent there (kills, take-overs, changes
# under load, shared limits, the ledger) stays. Vet is left to `make lint`.
RACE_SKIP     = ^Test(AsyncAPI|Bodies|Browser|Cluster|Config|Consumer|Delivery|Examples|Flags|Handshake|Headers|Identity|IPAllow|Log|Meaning|Memory|Providers|PublicURL|QuickStart|RateLimit|Respond|ReusedID|SDK|Signing|StageAlone|Types)_
STARTS        = (^|[^a-z])go (func|[a-zA-Z.]+)\(|\.Go\(|t\.Parallel\(\)|RunParallel\(
RACE_PACKAGES = $$($(GO) list -f '{{.Dir}}' ./... | while read -r dir; do if grep -qE '$(STARTS)' "$$dir"/*.go; then echo "$$dir"; fi; done | grep -v -e '/e2e$$' -e '/internal/scaffold$$')

.PHONY: sdks
sdks: e2e/sdk/node_modules/.package-lock.json plugins/consumer/examples/js/node_modules/.package-lock.json ## Install the official SDKs of senders and what a consumer in JavaScript needs (npm)

.PHONY: browser
browser: e2e/browser/node_modules/.package-lock.json ## Install what drives a browser in tests (npm); the browser itself is Debian's chromium

.PHONY: browser-test
browser-test: browser ## Open the inspector in a browser, which `make test` leaves out
	CI=true $(GO) test -tags browser -count=1 -v -run TestBrowser ./e2e

.PHONY: screenshots
screenshots: browser ## Take the pictures of the inspector for the documentation
	SCREENSHOTS=$(abspath kong/screenshots) CI=true $(GO) test -tags browser -count=1 -run 'TestBrowser_inspector/views' ./e2e

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

.PHONY: race
race: ## Run the tests under the race detector, in e2e those with concurrent deliveries
	$(GO) test -race -vet=off -timeout 20m $(RACE_PACKAGES)
	@echo 'race: packages that start no goroutine and the tests $(RACE_SKIP) of e2e are left out; make test runs them'
	$(GO) test -race -vet=off -timeout 20m -skip '$(RACE_SKIP)' ./e2e

.PHONY: soak
soak: ## Hold what senders were answered against what is stored, after SOAK times the faults of CI, and memory during an outage
	ACKMODEL_FAULTS=2 $(GO) test -count=1 -timeout 0 ./e2e/ackmodel
	E2E_SAMPLES=all $(GO) test -count=1 -timeout 0 -run Providers_throughTheEdge ./e2e
	LEDGER_SCALE=$(SOAK) $(GO) test -race -count=1 -timeout 0 -v -run 'Ledger$$' ./e2e
	MUTATIONS=20000 $(GO) test -count=1 -timeout 0 -run '[Mm]utation' ./plugins/provider
	OUTAGE=10m $(GO) test -count=1 -timeout 0 -v -run MemoryIsFlatDuringAnOutage ./plugins/publish

.PHONY: bench
bench: ## Run the benchmarks, each beside its baseline
	$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: bench-report
bench-report: ## Print what a delivery costs, REPORTS times beside a stock plugin and a bare HTTP handler, and draw it (bench-report.svg)
	@for n in $$(seq $(REPORTS)); do $(GO) test -run '^$$' -bench Report -benchtime 20000x -timeout 0 ./e2e; done | tee /dev/stderr | $(GO) run ./e2e/benchreport -svg bench-report.svg

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME
	@for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "$$package $$target"; \
	    $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package >/tmp/fuzz.$$$$ 2>&1 || { cat /tmp/fuzz.$$$$; exit 1; }; \
	  done; \
	done

.PHONY: fmt
fmt: ## Format the code
	gofmt -w .

$(TOOLS)/golangci-lint-$(GOLANGCI_LINT):
	GOBIN=$(abspath $(TOOLS)) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT)
	mv $(TOOLS)/golangci-lint $@

$(TOOLS)/deadcode-$(DEADCODE):
	GOBIN=$(abspath $(TOOLS)) $(GO) install golang.org/x/tools/cmd/deadcode@$(DEADCODE)
	mv $(TOOLS)/deadcode $@

# From a module of its own: go install asks for the list of versions, which not every proxy gives.
$(TOOLS)/regal-$(REGAL):
	mkdir -p $(TOOLS)
	dir=$$(mktemp -d) && cd $$dir && $(GO) mod init regal.build && $(GO) mod edit -require=github.com/open-policy-agent/regal@$(REGAL) && \
	  $(GO) build -mod=mod -trimpath -o $(abspath $@) github.com/open-policy-agent/regal

.PHONY: regal
regal: $(TOOLS)/regal-$(REGAL) ## Lint the policies with Regal, whose first build takes minutes
	$(TOOLS)/regal-$(REGAL) lint --config-file .regal/config.yaml policies

# remove_all_sd leaves out service discovery, and with it the SDKs of a dozen clouds.
$(TOOLS)/promtool-$(PROMTOOL):
	GOBIN=$(abspath $(TOOLS)) $(GO) install -tags remove_all_sd github.com/prometheus/prometheus/cmd/promtool@$(PROMTOOL)
	mv $(TOOLS)/promtool $@

.PHONY: rules
rules: $(TOOLS)/promtool-$(PROMTOOL) ## Check the alerts of Prometheus and run their tests
	$(TOOLS)/promtool-$(PROMTOOL) check rules kong/observability/alerts.yml
	$(TOOLS)/promtool-$(PROMTOOL) test rules kong/observability/alerts_test.yml

.PHONY: lint
lint: $(TOOLS)/golangci-lint-$(GOLANGCI_LINT) $(TOOLS)/deadcode-$(DEADCODE) ## Lint, with vet, and find functions that nothing reaches
	$(TOOLS)/golangci-lint-$(GOLANGCI_LINT) run ./...
	dead=$$($(TOOLS)/deadcode-$(DEADCODE) -tags browser -test ./...) || exit 1; if [ -n "$$dead" ]; then echo "$$dead"; exit 1; fi

.PHONY: generate
generate: ## Write the generated schemas and README tables
	$(GO) run ./plugins/internal/gen

.PHONY: generated
generated: ## Fail where a generated file is not up to date
	$(GO) run ./plugins/internal/gen --check

.PHONY: check
check: lint generated rules regal test browser-test race ## Everything that must hold before a change lands
