#!/bin/sh
# A pipeline for events of your own, from samples to rows. Needs no queue, database or keys.
here=$(dirname "$0")
. "$here/journey.sh"
samples=$here/../payments/payments.ndjson

step "Draft a pipeline from samples" \
    sh -c "sluice pipeline init --from $samples --name payments > payments.yaml"
step "Check the draft" sluice pipeline validate payments.yaml
expect 65 "Try it on the samples; two are bad on purpose" \
    sluice check --pipeline payments.yaml --rows "$samples"
step "Run the tests of a finished pipeline" \
    sluice pipeline test "$here/../payments/payments.yaml"
step "Run it on a queue and a database of this machine" \
    sluice demo --pipeline payments.yaml --messages "$samples"
