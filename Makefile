# Shortcuts; `mvn verify` and `bin/sluice` need none of them.
.DEFAULT_GOAL := help
.PHONY: help build verify chaos demo format clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

build: ## the jars that bin/sluice starts, no tests
	mvn -q -B -ntp -pl worker,embedded -am -DskipTests package

verify: ## everything that is checked: compiler, tests, format
	mvn verify

chaos: ## the same, and the rows of the fault matrix that take minutes
	mvn -Pchaos verify

demo: ## queue, database and pipeline on this machine, nothing to install
	bin/sluice demo

format: ## the sources as the format check wants them
	mvn -q -B -ntp spotless:apply

clean: ## what builds have written
	mvn -q -B -ntp clean
