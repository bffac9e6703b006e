#!/bin/sh
# A table that a script has filled with plain SHA-256 gets tokens instead.
here=$(dirname "$0")
. "$here/journey.sh"

step "See how much of it anyone could reverse" sluice assess --seconds 2
step "Create keys" sluice keys create --allow-cleartext-keys
step "Create schema sluice beside the table" sluice migrate
step "Replace the hashes of addresses" \
    sluice rewrap --from sha256 --column masked_ip --network 198.51.100.0/24
step "Replace the hashes of device ids" \
    sluice rewrap --from sha256 --column masked_device_id
step "See the tokens" sluice show
step "Users who shared an address still do" sluice duplicates
step "An address can be recovered" \
    sluice unmask "$(first_of masked_ip)" --reason INCIDENT --ticket CASE-7
