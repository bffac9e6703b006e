# Keeps one PostgreSQL server for as long as standard input is open, then stops it and removes the folder.
#
#   sh -c "$(cat serve-postgres.sh)" name FOLDER
#
# The first line of standard input is the password of the superuser `postgres`: unlike an argument or a variable, no other
# process can read it. FOLDER holds the unpacked binaries (bin, lib, share) by the time of the second line. That and each
# further line is a port to try, or `stop`. Each answer on standard output is `ready`, `ready as root` (the server keeps
# root's rights over files), `stopped` or `failed`. The end of input comes from whoever started this, or from the kernel
# when that process died, however it died: so neither a server nor a file outlives it.

# Ctrl-C in a terminal reaches this process as well; only the end of input ends it.
trap '' HUP INT QUIT TERM PIPE

folder=$1
cd "$folder" || exit 1
umask 077

account=    # the user and group id that the server runs under; empty for the caller's
as_account= # the command that starts a program under it
answer=ready
unnamed=    # set when the server cannot be started because the caller's id has no name

# PostgreSQL refuses to run as root, and must not have root's rights either, since its superuser can start programs. So
# it runs under a user id that owns nothing else: a random one, which keeps two servers apart. Ids from 65536 to 99999 are
# outside the ranges of accounts, subordinate ids and containers; those from 60706 to 61183 serve where a container maps
# only 65536 ids. initdb insists on a name for its id; in a user namespace (`unshare`) every id has one, nobody's. Where
# namespaces are forbidden it has to be nobody itself, which other services may share.
#
# A namespace without another user id is the last resort: PostgreSQL no longer sees that it is root, but the kernel still
# lets it read and write what root owns. Where that fails too, initdb says that it cannot run as root.
leave_root() {
    random=$(od -An -N2 -tu2 /dev/urandom) || random=$$
    take_account $((65536 + random % 34464)) 'unshare -U' && return
    take_account $((60706 + random % 478)) 'unshare -U' && return
    take_account 65534 '' && return
    account=
    chown -R 0:0 . && chmod 700 .
    as_account='unshare -U'
    answer='ready as root'
}

# take_account ID COMMAND
# The folder stays root's, who writes a log into it; the account may pass through, and owns the data and nothing else.
take_account() {
    account=$1
    as_account="setpriv --reuid=$1 --regid=$1 --clear-groups --inh-caps=-all --no-new-privs $2"
    chgrp "$1" . && chmod 710 . && chown "$1:$1" data && $as_account test -w "$folder/data"
}

# initdb insists on a name for its id. A container may run under one that has none; in a user namespace it has nobody's.
name_account() {
    if unshare -U true; then
        as_account='unshare -U'
    else
        echo "user id $(id -u) has no entry in /etc/passwd, and user namespaces are forbidden here: run as a user with an" \
            "entry, or add one (docker run -v /etc/passwd:/etc/passwd:ro)"
        unnamed=true
    fi
}

# Hands what was made as root to the server: the binaries to read, the password's file to own.
hand_over() {
    [ -z "$account" ] || { chgrp -R "$account" bin lib share && chmod -R g+rX bin lib share \
        && chown "$account:$account" password; }
}

# The password's file is gone before the server listens. Passwords here are long and random: more iterations would only
# slow connections down. There is no socket in the file system, since the JVM's driver speaks TCP only.
# A throw-away database: a crash of the machine may destroy it, so nothing waits for the disk. A commit still survives
# the death of the server's processes. No shared memory file lies outside the folder. The server's log holds no
# statement, hence no value.
create() {
    [ ! -f data/PG_VERSION ] || return 0
    printf '%s\n' "$password" >password && hand_over && $as_account bin/initdb -D data -U postgres \
        -A scram-sha-256 --pwfile=password -E UTF8 --locale=C --no-sync \
        --set scram_iterations=1 \
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
    created=$?
    rm -f password
    return $created
}

start() {
    [ -z "$unnamed" ] && create && $as_account bin/pg_ctl -D data -o "-p $1" -l data/server.log -w -t 30 start
}

stop() {
    [ ! -f data/postmaster.pid ] || $as_account bin/pg_ctl -D data -m "$1" -w -t 10 stop
}

mkdir data || exit 1
if [ "$(id -u)" = 0 ]; then
    leave_root >>start.log 2>&1
elif ! id -un >/dev/null 2>&1; then
    name_account >>start.log 2>&1
fi
read -r password
while read -r port; do
    if [ "$port" = stop ]; then
        stop fast >>start.log 2>&1 && echo stopped || echo failed
    elif start "$port" >>start.log 2>&1; then
        echo "$answer"
    else
        echo failed
    fi
done

stop immediate >>start.log 2>&1
cd / && rm -rf "$folder"
