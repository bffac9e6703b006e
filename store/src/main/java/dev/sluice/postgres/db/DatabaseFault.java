package dev.sluice.postgres.db;

import dev.sluice.failure.InfrastructureException.Kind;

/**
 * Why a connection or a statement failed, as far as the driver and the server reveal it, with the kind of failure, the cause
 * in words and what to do. The texts are fixed: they never quote the driver or the server. {@link Diagnosis} finds the fault.
 */
enum DatabaseFault {
    // --- reaching the server
    UNKNOWN_HOST(Kind.TRANSIENT, "the host name cannot be resolved", Remedy.ADDRESS),
    REFUSED(
            Kind.TRANSIENT,
            "the connection was refused",
            "check that it is running and accepts TCP connections there (listen_addresses), and " + Remedy.ADDRESS),
    UNREACHABLE(
            Kind.TRANSIENT, "there is no route to the host", "check the network and firewalls, and " + Remedy.ADDRESS),
    TIMED_OUT(
            Kind.TRANSIENT,
            "the server did not answer in time",
            "check firewalls and security groups, and " + Remedy.ADDRESS),
    CLOSED(
            Kind.TRANSIENT,
            "the server closed the connection without an answer",
            "check that PostgreSQL listens there, not a proxy without a server behind it"),
    NOT_POSTGRES(
            Kind.TRANSIENT,
            "the answer is not PostgreSQL's protocol",
            "another program may listen on that port; " + Remedy.ADDRESS),
    POOLER_REFUSES_PARAMETER(
            Kind.CONFIG,
            "a pooler does not know a parameter of the connection",
            "leave the parameter options out of SLUICE_DATABASE_URL and give the role its settings (ALTER ROLE .. SET)"),
    POOLER_GAVE_UP(
            Kind.TRANSIENT,
            "a pooler refused, or lost the server",
            "its log says why: check that it knows this user and database (databases, auth_file), reaches the server, and has"
                    + " connections free (max_client_conn, default_pool_size, query_wait_timeout)"),
    BROKEN(Kind.TRANSIENT, "the connection broke", "the server or the network went away; try again"),

    // --- TLS
    TLS_NOT_OFFERED(
            Kind.CONFIG,
            "the server does not support TLS, and the sslmode requires it",
            "enable TLS on the server (ssl = on), or set a weaker PGSSLMODE; on other machines that also requires"
                    + " --insecure-database-tls"),
    CERTIFICATE_NOT_TRUSTED(
            Kind.CONFIG,
            "the server's certificate is not signed by a trusted authority",
            "set PGSSLROOTCERT (database.ssl-root-cert) to the file of the authority that signed it"),
    CERTIFICATE_OF_OTHER_HOST(
            Kind.CONFIG,
            "the server's certificate is not for this host name",
            "set PGHOST, or the URL's host, to a name that the certificate contains, or have a certificate issued for this one"),
    ROOT_CERTIFICATE_UNREADABLE(
            Kind.CONFIG,
            "the file of trusted authorities is missing, unreadable or not a PEM certificate",
            "check PGSSLROOTCERT (database.ssl-root-cert)"),
    TLS_FAILED(
            Kind.TRANSIENT,
            "the TLS handshake failed",
            "check that server and JVM have a TLS version and cipher in common"),

    // --- logging in
    NO_PASSWORD(
            Kind.NOT_PERMITTED,
            "the server asks for a password, and none is set",
            "set PGPASSWORD or PGPASSWORD_FILE, or add a line to the passfile (~/.pgpass, PGPASSFILE)"),
    WRONG_PASSWORD(
            Kind.NOT_PERMITTED,
            "user or password is wrong",
            "check PGUSER and PGPASSWORD, or those in SLUICE_DATABASE_URL"),
    TOKEN_REFUSED(
            Kind.NOT_PERMITTED,
            "the server refused the token of the AWS credentials",
            "check that IAM authentication is enabled on the instance, that the user has the role rds_iam, that the policy"
                    + " allows rds-db:connect for this user, and that region and clock are right"),
    OTHER_AUTHENTICATION(
            Kind.NOT_PERMITTED,
            "the server asks for a way to log in that these settings do not allow",
            "use a login with a password (scram-sha-256); channel binding works only over TLS"),
    ROLE_CANNOT_LOG_IN(
            Kind.NOT_PERMITTED,
            "this user does not exist or may not log in",
            "check PGUSER, or the user in SLUICE_DATABASE_URL; an administrator can allow it (ALTER ROLE .. LOGIN)"),
    TLS_REQUIRED(
            Kind.NOT_PERMITTED,
            "the server does not accept this user, database and client address without TLS",
            "set PGSSLMODE to verify-full (require on this machine); if that is not enough, have a line added to the"
                    + " server's pg_hba.conf"),
    NOT_ADMITTED(
            Kind.NOT_PERMITTED,
            "the server's pg_hba.conf does not accept this user, database and client address",
            "have a line added to it, and check PGSSLMODE: a line may accept connections only with TLS (hostssl), only"
                    + " without (hostnossl), or only with a client certificate"),
    MAY_NOT_CONNECT(
            Kind.NOT_PERMITTED,
            "this user may not connect to the database",
            "have it granted: GRANT CONNECT ON DATABASE .. TO .."),
    UNKNOWN_DATABASE(
            Kind.CONFIG,
            "the database does not exist",
            "check PGDATABASE, or the name in SLUICE_DATABASE_URL (default: the user's name), or create it with createdb"),
    DATABASE_CLOSED(
            Kind.TRANSIENT,
            "the database does not accept connections",
            "an administrator closed it (ALTER DATABASE .. ALLOW_CONNECTIONS)"),
    BAD_OPTION(
            Kind.CONFIG,
            "the server does not know an option of the connection, or its value",
            "check the parameter options in SLUICE_DATABASE_URL"),
    TOO_MANY_CONNECTIONS(
            Kind.TRANSIENT,
            "too many connections are open",
            "lower the setting consumers, or raise max_connections or the CONNECTION LIMIT of the role or database"),

    // --- the server's state
    STARTING_OR_STOPPING(
            Kind.TRANSIENT, "the server is starting up, shutting down or recovering", "try again when it is up"),
    SHUT_DOWN(
            Kind.TRANSIENT,
            "the server ended the connection",
            "it was shut down, or an administrator ended the session; try again"),
    READ_ONLY(
            Kind.TRANSIENT,
            "the server is read-only",
            "it is a standby, or default_transaction_read_only is on; set PGHOST, or the URL's host, to the primary"),
    DISK_FULL(Kind.TRANSIENT, "the server's disk is full", "make room there"),
    OUT_OF_RESOURCES(Kind.TRANSIENT, "the server ran out of memory or another resource", "the server's log says which"),
    DISK_ERROR(Kind.TRANSIENT, "the server cannot read or write its files", "the server's log says which"),
    CONFLICT(Kind.TRANSIENT, "another transaction was in the way", "try again"),
    LOCKED(Kind.TRANSIENT, "another session holds a lock", "try again when it has ended"),
    STATEMENT_TIMED_OUT(
            Kind.TRANSIENT, "a statement took too long or was canceled", "try again when the server is less busy"),
    UNANSWERED(Kind.TRANSIENT, "no connection was free, or the server did not answer", "check the server's load"),

    // --- what is there, and what this user may do with it
    NOT_PERMITTED(
            Kind.NOT_PERMITTED,
            "this user lacks a privilege",
            "docs/roles.md lists what each role may do, `sluice doctor` what a run lacks"),
    MISSING_SCHEMA(Kind.CONFIG, "a schema does not exist", "`sluice migrate --create-schema` creates the table's"),
    MISSING_TABLE(Kind.CONFIG, "a table does not exist", "`sluice migrate` creates what is missing"),
    MISSING_COLUMN(
            Kind.CONFIG,
            "a column does not exist",
            "migrate never alters a table: `sluice migrate --print-sql` prints the ALTER TABLE to run"),
    MISSING_FUNCTION(
            Kind.CONFIG,
            "a function does not exist",
            "`sluice migrate` brings schema sluice to this program's version"),
    TYPES_CHANGED(
            Kind.CONFIG,
            "the table's types do not fit the pipeline's",
            "`sluice migrate --print-sql` prints the ALTER TABLE to run"),
    SEQUENCE_EXHAUSTED(
            Kind.CONFIG,
            "a sequence that fills a column of the table has no further value",
            "raise its limit (ALTER SEQUENCE)"),
    ROW_REJECTED(Kind.FATAL, "a row does not satisfy the table", "nothing of the batch was stored"),
    OTHER(Kind.FATAL, "PostgreSQL reported an error", "look the code up in PostgreSQL's manual, appendix A");

    private final Kind kind;
    private final String cause;
    private final String remedy;

    DatabaseFault(Kind kind, String cause, String remedy) {
        this.kind = kind;
        this.cause = cause;
        this.remedy = remedy;
    }

    /** For a start or a command. */
    Kind kind() {
        return kind;
    }

    /** A clause, to follow "could not connect: ". */
    String cause() {
        return cause;
    }

    /** What to do, to end a sentence: names the setting to change. */
    String remedy() {
        return remedy;
    }

    /** Used by several. */
    private static final class Remedy {
        static final String ADDRESS = "check SLUICE_DATABASE_URL, or PGHOST and PGPORT";
    }
}
