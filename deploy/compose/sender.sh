#!/bin/sh
# Sends made-up login events to the queue of docker-compose.yml: sender.sh ENDPOINT QUEUE [EVENTS [PAUSE]]
# Without EVENTS until it is stopped, one a second. Every 25th has no user, and is quarantined; every 10th is sent twice,
# as a producer does that retries, and makes two rows: only redeliveries of one message are duplicates.
set -eu

endpoint=$1 queue=$2 events=${3:-0} pause=${4:-1}

main() {
    number=0
    until [ "$number" -gt 0 ] && [ "$number" -eq "$events" ]; do
        number=$((number + 1))
        body=$(event "$number")
        send "$body"
        [ $((number % 10)) -ne 0 ] || send "$body"
        sleep "$pause"
    done
}

event() {
    user=$(printf '"user_id": "00000000-0000-4000-8000-%012d", ' $(($1 % 500)))
    [ $(($1 % 25)) -ne 0 ] || user=
    printf '{%s"app_version": "2.%d.0", "device_type": "%s", "ip": "203.0.113.%d", "locale": "%s", "device_id": "%03d-%02d-%04d"}' \
        "$user" $(($1 % 4)) "$(pick $(($1 % 2)) android ios)" $(($1 * 7 % 254 + 1)) "$(pick $(($1 % 3)) DE FR PL)" \
        $(($1 % 900 + 1)) $(($1 % 90 + 1)) $(($1 * 13 % 9000 + 1))
}

# pick INDEX VALUE..
pick() {
    shift "$1"
    echo "$2"
}

# SQS's JSON protocol, unsigned: emulators do not check signatures.
send() {
    text=$(printf %s "$1" | sed 's/"/\\"/g')
    wget -q -O /dev/null --header 'Content-Type: application/x-amz-json-1.0' \
        --header 'X-Amz-Target: AmazonSQS.SendMessage' \
        --post-data "{\"QueueUrl\": \"$endpoint/000000000000/$queue\", \"MessageBody\": \"$text\"}" "$endpoint/"
}

main
