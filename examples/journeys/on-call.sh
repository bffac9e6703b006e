#!/bin/sh
# On call: since this morning records are quarantined, because a producer has renamed a field.
here=$(dirname "$0")
. "$here/journey.sh"

mend() {
    sluice pipeline show user-logins | sed 's/from: device_id/from: deviceId/' >mended.yaml
}

step "Ask what is wrong" sluice doctor
step "Count what is quarantined, by reason" sluice quarantine stats
step "List the newest records" sluice quarantine list --limit 3
step "Look at one: its fields and types, not its values" \
    sluice quarantine show 1 --ticket INC-9
step "Copy the pipeline and let it read the new name" mend
step "Check the copy" sluice pipeline validate mended.yaml
step "Replay what was rejected for this reason" \
    sluice quarantine replay --pipeline mended.yaml --reason missing --ticket INC-9
step "See that nothing is left" sluice quarantine stats
step "See the rows" sluice show 3
