#!/bin/sh
# The privacy officer answers a person's request. OFFICER and COLLEAGUE are database URLs of two people.
here=$(dirname "$0")
. "$here/journey.sh"
export SLUICE_DATABASE_URL="$OFFICER"

colleague() {
    SLUICE_DATABASE_URL=$COLLEAGUE sluice "$@"
}

step "Recover one address" \
    sluice unmask "$(first_of masked_ip)" --reason DSAR --ticket CASE-8
step "Find where a known address occurs" \
    sluice find --ip 198.51.100.7 --reason DSAR --ticket CASE-8
step "Export a person's rows with their originals" \
    sluice export --user-id u1 --reason DSAR --ticket CASE-8
expect 77 "More than ten values need a second person" \
    sluice export --user-id many --reason DSAR --ticket CASE-9
