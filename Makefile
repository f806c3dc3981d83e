# Thin entries; the work is done by scripts/ and CMake.
.PHONY: build run test sanitize bench bench-peers overload endurance full instructions vectors crash power fuzz deb deb-test format lint clean

build: ## programs and tests, in build/bin and build/tests
	@scripts/build.sh release

run: ## a node with configs/single.conf, data in data/
	@scripts/run.sh

test: ## everything that must pass before a change lands
	@scripts/test.sh

sanitize: ## every suite with ASan and UBSan, real processes too
	@scripts/test.sh sanitize

bench: ## the figures of docs/performance.md; ARGS="--json ..."
	@scripts/bench.sh $(ARGS)

bench-peers: ## 1:1 and fan-out beside mosquitto and nats-server
	@scripts/bench-peers.sh $(ARGS)

overload: ## three times what a node can do, for 60 s
	@scripts/load.sh overload

endurance: ## ten minutes at 80 % of what it can do
	@scripts/load.sh endurance

full: ## a store of ten million messages beside an empty one
	@scripts/load.sh full

instructions: ## per message and step, beside the last ones; ARGS=--save
	@scripts/instructions.sh $(ARGS)

vectors: ## the codec against golden vectors, or VECTORS=FILE
	@scripts/vectors.sh $(VECTORS)

crash: ## ROUNDS=1000 of kill -9 under load
	@scripts/crash.sh $(ROUNDS)

power: ## ROUNDS=1000 stores whose disk loses power
	@scripts/power.sh $(ROUNDS)

fuzz: ## every decoder for SECONDS=60 with hostile bytes; TARGETS="..."
	@scripts/fuzz.sh $(or $(SECONDS),60) $(TARGETS)

deb: ## a Debian package, in build/package
	@scripts/deb.sh

deb-test: ## installs, upgrades and removes it in a clean Debian root
	@scripts/deb-test.sh

format: ## clang-format over all sources
	@scripts/format.sh

lint: ## clang-tidy over what differs from BASE=commit
	@scripts/lint.sh $(BASE)

clean:
	@rm -rf build
