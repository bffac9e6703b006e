# Shortcuts. `mvn verify` and `bin/sluice` do not need them.
.DEFAULT_GOAL := help
.PHONY: help build install uninstall verify chaos report screenshots demo image sbom reproducible format clean

PREFIX ?= /usr/local

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

build: ## build the jars for bin/sluice, without tests
	mvn -q -B -ntp -pl worker,embedded -am -DskipTests package

install: ## link bin/sluice into $(PREFIX)/bin, e.g. PREFIX=$$HOME/.local; completion: see docs/operate.md
	mkdir -p "$(DESTDIR)$(PREFIX)/bin"
	ln -sf "$(CURDIR)/bin/sluice" "$(DESTDIR)$(PREFIX)/bin/sluice"

uninstall: ## remove that link
	rm -f "$(DESTDIR)$(PREFIX)/bin/sluice"

verify: ## run every check: compiler, tests, format
	mvn verify

chaos: ## the same, with the rows of the fault matrix that take minutes
	mvn -Pchaos verify

report: ## write docs/reports/fault-matrix.md from the last `make chaos`
	java worker/src/test/java/dev/sluice/docs/FaultMatrixReport.java \
	    worker/target/failsafe-reports docs/reports/fault-matrix.md

screenshots: ## take the README's pictures of the console again; needs /usr/bin/chromium, best with the font Inter
	mvn -q -B -ntp -pl worker -am verify -Dtest=NONE -Dit.test='PagesBrowserIT#picturesOfTheReadmeAreSmall*' \
	    -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
	mkdir -p docs/images
	cp worker/target/screenshots/console.png worker/target/screenshots/console-circuit-open.png docs/images/

demo: ## run queue, database and pipeline on this machine
	bin/sluice demo

image: ## build the container image sluice:dev; needs Docker with BuildKit
	docker build --tag sluice:dev .

sbom: ## write the bill of materials, worker/target/sluice-worker.cdx.json
	mvn -q -B -ntp -Psbom -pl worker -am -DskipTests package

reproducible: ## build twice and compare the jars
	bin/reproducible

format: ## format the sources
	mvn -q -B -ntp spotless:apply

clean: ## delete build output
	mvn -q -B -ntp clean
