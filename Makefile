# Sidelight. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
.SILENT:

export PATH := $(CURDIR)/.tools/bin:$(PATH):/usr/sbin
MVN := mvn -B -ntp
# Which module is being built, and whatever is not in order.
PROGRESS := | grep --line-buffered -E '^\[INFO\] Building S|^\[(WARNING|ERROR)\]|^[^[]'
MESH := samples/bookinfo/local/mesh
SHELL_SCRIPTS := .ci/prerequisites .ci/run .ci/control-plane/build .ci/debian-archive istio-addon/images/build mesh-controller/bin/sidelight samples/bookinfo/kind/mesh istio-addon/render
SHELL_SCRIPTS += $(addprefix sidecar-probe/kernels/,image fetch-kernels initramfs-init guest-init)
PAGE := mesh-controller/src/main/resources/dev/sidelight/controller/web/page
PYTHON_SOURCES := als-correlator/mutation_result.py istio-addon samples/bookinfo/kind samples/bookinfo/local sidecar-probe/bench sidecar-probe/kernels

##@ Use

.PHONY: demo
demo: build ## Bring the local bookinfo up and print each edge's latency split; ONCE=1: once, then clean up. RPS=50. ISTIO=1: in a mesh of Istio's own. DETAILS_TLS=1: details serves TLS
	$(if $(ISTIO),.ci/control-plane/build istio)
	$(MESH) demo $(if $(ONCE),--once) $(if $(ISTIO),--istio) $(if $(DETAILS_TLS),--details-tls) --rps $(or $(RPS),50)

.PHONY: down
down: ## Take the local bookinfo down, whatever is left of it
	$(MESH) down

##@ Build

.PHONY: prerequisites
prerequisites: ## Install what is missing on a Debian-like machine
	.ci/prerequisites

.PHONY: build
build: prerequisites ## Compile and package everything, without tests
	echo "==> building (the first time downloads about 200 MB of Maven artifacts)" >&2
	$(MVN) package -DskipTests $(PROGRESS)

.PHONY: images
images: prerequisites ## Make the container images and their SBOMs, as OCI archives in istio-addon/images/target, without registry or daemon (root)
	echo "==> controller, probe, their SBOMs" >&2
	# Offline, Maven's plugin leaves the old ones.
	rm -f mesh-controller/target/sbom.json sidecar-probe/target/sbom.json
	$(MVN) -pl als-correlator,sidecar-probe,mesh-controller package -Dmaven.test.skip -Pimages $(PROGRESS)
	istio-addon/images/build

.PHONY: dashboards
dashboards: ## Write istio-addon/grafana/dashboards anew from the code beside it
	PYTHONPATH=istio-addon python3 -m grafana

.PHONY: manifests
manifests: ## Write istio-addon's manifests anew from its templates and values.toml
	istio-addon/render

.PHONY: screenshots
screenshots: build ## Write the README's pictures anew, of the page in a real Chromium on the local mesh (root; 3 minutes)
	echo "==> local mesh, Chromium" >&2
	$(MVN) -pl samples/bookinfo verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=ReadmeScreenshots $(PROGRESS)

.PHONY: clean
clean: ## Remove what the build made
	$(MVN) -q clean
	$(MAKE) -s -C bpf clean
	$(MAKE) -s -C sidecar-probe/bench clean
	$(MAKE) -s -C samples/bookinfo/oracle clean

##@ Test

.PHONY: check
check: prerequisites ## error-prone, -Xlint, spotless, import-control, clang-format, shellcheck, ruff
	echo "==> shellcheck, clang-format, ruff" >&2
	shellcheck $(SHELL_SCRIPTS)
	$(MAKE) -s -C bpf check
	$(MAKE) -s -C sidecar-probe/bench check
	$(MAKE) -s -C samples/bookinfo/oracle check
	ruff check -q $(PYTHON_SOURCES)
	istio-addon/render --check
	for module in $(PAGE)/*.js; do node --check $$module; done
	echo "==> error-prone, -Xlint, spotless, import-control" >&2
	$(MVN) test-compile $(PROGRESS)
	echo "RESULT check=ok"

.PHONY: test-rules
test-rules: prerequisites ## Prometheus rules, Grafana dashboards and Kiali's configuration: promtool's tests, and whether what they name exists
	echo "==> rules and dashboards" >&2
	PYTHONPATH=istio-addon python3 -m checks

.PHONY: control-plane
control-plane: prerequisites ## Build a real kube-apiserver and etcd for the tests, where that has not been done
	.ci/control-plane/build
	echo "RESULT control-plane=ok"

.PHONY: test
test: check test-rules control-plane ## make check, make test-rules, then all unit and integration tests (real Envoy, kernel and mesh; needs root)
	echo "==> unit and integration tests" >&2
	python3 -m unittest discover -s samples/bookinfo/local/tests -t samples/bookinfo/local
	python3 -m unittest discover -s sidecar-probe/bench/tests -t sidecar-probe/bench
	node --test mesh-controller/src/test/js/*.test.mjs
	$(MVN) verify
	echo "RESULT test=ok"

# ITs named *ClusterIT: they find the control plane by KUBECONFIG.
CLUSTER_ITS = $(shell git ls-files '*ClusterIT.java')
CLUSTER_SUITES := samples/bookinfo/local/tests_cluster istio-addon/tests_cluster samples/bookinfo/kind/tests_cluster

.PHONY: test-cluster
test-cluster: build ## What concerns Kubernetes' and Istio's API, on a real control plane without containers (root; 25 minutes where it has to be built)
	.ci/control-plane/build istio
	start=$$SECONDS
	$(MESH) cluster run $(MAKE) -s test-cluster-suites
	echo "RESULT test-cluster=ok seconds=$$((SECONDS - start))"

.PHONY: test-cluster-suites
test-cluster-suites:
	for suite in $(wildcard $(CLUSTER_SUITES)); do
		echo "==> $$suite" >&2
		python3 -m unittest discover -s $$suite -t $$(dirname $$suite)
	done
	if [ -n "$(CLUSTER_ITS)" ]; then
		echo "==> $(notdir $(CLUSTER_ITS))" >&2
		$(MVN) -pl $$(sed 's#/src/[^ ]*##g' <<<'$(CLUSTER_ITS)' | tr ' ' '\n' | sort -u | paste -sd,) -am verify -Pcluster $(PROGRESS)
	fi

.PHONY: test-images
test-images: images ## What is in the images, that they are built the same twice, and both run by podman as the addon's manifest has them (root; 2 minutes)
	echo "==> images" >&2
	PYTHONPATH=samples/bookinfo/local .tools/venv/bin/python -m unittest discover -s istio-addon/images/tests -t istio-addon/images
	echo "RESULT test-images=ok"

.PHONY: mutation
mutation: prerequisites ## Whether als-correlator's unit tests notice small faults put into it (PIT; at least 85% of them; 3 minutes)
	echo "==> mutation testing als-correlator" >&2
	mkdir -p als-correlator/target && rm -rf als-correlator/target/pit-reports
	$(MVN) -q -pl als-correlator -Pmutation test-compile org.pitest:pitest-maven:mutationCoverage >als-correlator/target/mutation.log \
		|| { tail -50 als-correlator/target/mutation.log >&2; exit 1; }
	als-correlator/mutation_result.py

.PHONY: test-kernels
test-kernels: prerequisites ## The probe on Debian's 6.1 and 6.12 kernels, emulated by qemu (root; under 6 minutes)
	echo "==> compiling the probe and its tests" >&2
	$(MVN) -pl sidecar-probe test-compile $(PROGRESS)
	sidecar-probe/kernels/run.py

.PHONY: truth
truth: build ## Each fault against its component, at many values and rates (15 minutes, root); TRUTH=short. Or one: FAULT=app-sleep MS=37 WORKLOAD=reviews-v2 RPS=80 BYTES=1024
	$(MESH) truth $(if $(filter short,$(TRUTH)),--short) $(if $(FAULT),--fault $(FAULT)) $(if $(MS),--ms $(MS)) $(if $(WORKLOAD),--workload $(WORKLOAD)) $(if $(RPS),--rps $(RPS)) $(if $(BYTES),--bytes $(BYTES))

.PHONY: bench-probe
bench-probe: build ## What the probe costs, against its limits (5 minutes, root); BENCH=short: a smoke test. ROUNDS=9
	sidecar-probe/bench/bench-probe

.PHONY: bench-correlator
bench-correlator: prerequisites ## What the join costs, against its limits (2 minutes)
	echo "==> compiling" >&2
	$(MVN) -pl als-correlator,als-correlator/bench package -DskipTests $(PROGRESS)
	java -Xms3g -Xmx3g -XX:+UseSerialGC -cp als-correlator/bench/target/classes:$$(<als-correlator/bench/target/classpath) dev.sidelight.correlator.bench.BenchCorrelator

.PHONY: bench-controller
bench-controller: prerequisites ## What a scrape of /metrics, the graph, counting a call and its history cost, against their limits (3 minutes)
	echo "==> compiling" >&2
	$(MVN) -pl als-correlator,mesh-controller,mesh-controller/bench package -DskipTests $(PROGRESS)
	java -Xms1g -Xmx1g -XX:+UseG1GC -cp mesh-controller/bench/target/classes:$$(<mesh-controller/bench/target/classpath) dev.sidelight.controller.bench.BenchController

##@ Help

.PHONY: help
help: ## This list
	awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*##/ {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
