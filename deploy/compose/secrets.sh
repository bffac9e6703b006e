#!/bin/sh
# Makes the passwords and tokens of docker-compose.yml once, at random: secrets.sh FOLDER
# Each reader has a copy of its own, FOLDER/<user id>/<name>, that only this user can read. Safe to repeat.
set -eu
umask 077
cd "$1"

main() {
    share database-owner "$postgres" "$sluice"
    share database-worker "$postgres" "$sluice"
    share grafana-admin "$grafana"
    console_token
}

# As the images have them.
postgres=70 sluice=65532 grafana=472

# share NAME UID..: one random secret, a copy for each of these users
share() {
    name=$1
    shift
    [ -s "$name" ] || random >"$name"
    for user in "$@"; do
        give "$user" "$name" <"$name"
    done
}

# The console knows only the token's hash.
console_token() {
    share console-token
    printf 'admin operator %s\n' "$(printf %s "$(cat console-token)" | sha256sum | cut -d ' ' -f 1)" |
        give "$sluice" console-tokens
}

# give UID NAME: standard input becomes a file of this user
give() {
    mkdir -p "$1"
    rm -f "$1/$2"
    cat >"$1/$2"
    chmod 0400 "$1/$2"
    chown -R "$1" "$1"
}

random() { head -c 32 /dev/urandom | sha256sum | cut -c 1-40; }

main
