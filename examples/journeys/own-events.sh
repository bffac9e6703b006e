#!/bin/sh
# A pipeline for events of your own, from samples to rows. Needs no queue, database or keys.
here=$(dirname "$0")
. "$here/journey.sh"
payments=$here/../payments

draft() {
    sluice pipeline init --from "$payments/payments.ndjson" --name payments >payments.yaml
}

step "Draft a pipeline from samples" draft
step "Check the draft, without data" sluice pipeline validate payments.yaml
expect 65 "Try it on the samples; two are bad on purpose" \
    sluice check --pipeline payments.yaml --rejected-only "$payments/payments.ndjson"
step "Run the tests of a finished pipeline" sluice pipeline test "$payments/payments.yaml"
step "Run it on a queue and a database of this machine" \
    sluice demo --pipeline payments.yaml --messages "$payments/payments.ndjson"
