# Read by the journeys beside it. A step is a sentence and a command; the journey ends at the first that goes wrong.
set -u

steps=0

# step SENTENCE COMMAND ARGUMENT..
step() {
    expect 0 "$@"
}

# expect EXIT-CODE SENTENCE COMMAND ARGUMENT..
expect() {
    wanted=$1
    steps=$((steps + 1))
    printf '\n%d. %s\n' "$steps" "$2"
    shift 2
    "$@"
    code=$?
    if [ "$code" -ne "$wanted" ]; then
        echo "step $steps ended with exit code $code, not $wanted" >&2
        exit 1
    fi
}

# The first value of a column, as the table holds it.
first_of() {
    sluice show 1 --output json | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}
