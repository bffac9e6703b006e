#!/bin/sh
# The exercise, with a queue, a database and SLUICE_* settings of your own (docs/exercise.md).
here=$(dirname "$0")
. "$here/journey.sh"

step "Create the keys" sluice keys create --allow-cleartext-keys
step "Create the table" sluice migrate
step "Check that a run would work" sluice doctor
step "Send the messages of a file, as it is" sluice send "$here/data.json"
step "List the queues" sluice queues
step "Look at messages without taking them" sluice peek 3
step "Move them" sluice run --until-empty
step "Print the table" sluice show
step "Find users who share an address" sluice duplicates
step "See what did not fit, and why" sluice quarantine list
step "Recover an address" \
    sluice unmask "$(first_of masked_ip)" --reason INCIDENT --ticket CASE-7
