#!/bin/sh
# A person asks what is stored about them, and then to be forgotten. Three people have a login each, and the database
# knows what each may do: OFFICER and COLLEAGUE are database URLs in the role sluice_recovery, OPERATOR in sluice_operator.
here=$(dirname "$0")
. "$here/journey.sh"

officer() {
    SLUICE_DATABASE_URL=$OFFICER sluice "$@"
}

colleague() {
    SLUICE_DATABASE_URL=$COLLEAGUE sluice "$@"
}

operator() {
    SLUICE_DATABASE_URL=$OPERATOR sluice "$@"
}

fetch() {
    officer export fetch 1 --user-id many >person.json
}

step "Recover one address" \
    officer unmask "$(SLUICE_DATABASE_URL=$OFFICER first_of masked_ip)" --reason DSAR --ticket DSR-17
step "Find the rows of an address that is known" \
    officer find --ip 198.51.100.0 --reason DSAR --ticket DSR-17
step "Export a person's rows, originals included" \
    officer export --user-id u1 --reason DSAR --ticket DSR-17
step "Another person has more values than one officer may open: ask for them" \
    officer export request --user-id many --reason DSAR --ticket DSR-18
step "A colleague approves" colleague unmask approve 1 --yes
step "Write them to a file" fetch
step "Erase the person" operator erase --user-id many --ticket DSR-18
step "See who did what" officer audit list --limit 5
step "Prove that no entry was changed" officer audit verify
step "Print the head, to keep where no database administrator can change it" officer audit list --head
