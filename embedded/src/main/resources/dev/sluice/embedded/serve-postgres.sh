# Keeps one PostgreSQL server for as long as standard input is open, then stops it and removes the folder.
#
#   sh -c "$(cat serve-postgres.sh)" name FOLDER
#
# FOLDER holds the unpacked binaries (bin, lib, share) by the time of the first line. Each line of standard input is a
# port to try; each answer on standard output is `ready` or `failed`. The end of input comes from whoever started this,
# or from the kernel when that process died, however it died: so neither a server nor a file outlives it.

# Ctrl-C in a terminal reaches this process as well; only the end of input ends it.
trap '' HUP INT QUIT TERM PIPE

folder=$1
cd "$folder" || exit 1
umask 077

# PostgreSQL refuses to run as root. A user namespace changes what it sees and needs no second account; where namespaces
# are forbidden (containers), the account nobody does. Where neither works, initdb says what it wants.
unprivileged=
as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
if [ "$(id -u)" = 0 ]; then
    if unshare -U true 2>/dev/null; then
        unprivileged='unshare -U'
    elif $as_nobody true 2>/dev/null; then
        unprivileged=$as_nobody
    fi
fi

let_nobody_in() {
    mkdir data && chown 65534:65534 data && chmod 711 . && chmod -R a+rX bin lib share
}

# A throw-away database: a crash of the machine may destroy it, so nothing waits for the disk. A commit still survives
# the death of the server's processes. No socket file and no shared memory file lies outside the folder. The server's
# log holds no statement, hence no value.
create() {
    [ -f data/PG_VERSION ] && return
    [ "$unprivileged" != "$as_nobody" ] || [ -d data ] || let_nobody_in || return
    $unprivileged bin/initdb -D data -U sluice -A trust -E UTF8 --locale=C --no-sync \
        --set listen_addresses=127.0.0.1 \
        --set unix_socket_directories='' \
        --set dynamic_shared_memory_type=mmap \
        --set io_method=sync \
        --set max_connections=200 \
        --set fsync=off \
        --set full_page_writes=off \
        --set timezone=UTC \
        --set log_timezone=UTC \
        --set log_min_error_statement=panic \
        --set log_error_verbosity=terse
}

start() {
    create && $unprivileged bin/pg_ctl -D data -o "-p $1" -l data/server.log -w -t 30 start
}

while read -r port; do
    if start "$port" >>start.log 2>&1; then
        echo ready
    else
        echo failed
    fi
done

if [ -f data/postmaster.pid ]; then
    $unprivileged bin/pg_ctl -D data -m immediate -w -t 10 stop >>start.log 2>&1
fi
cd / && rm -rf "$folder"
