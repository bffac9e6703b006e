package dev.sluice.config;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a database URL besides the settings, by its name in libpq (PostgreSQL manual, 32.1.2) and in pgjdbc. Each
 * means what it means in libpq. {@link #refusal} explains those that managed databases and other clients print and that
 * are not supported.
 */
@SuppressWarnings("ImmutableEnumChecker") // the predicate of a type holds no state
public enum DatabaseParameter {
    /** Shown in pg_stat_activity; {@code sluice} unless set. */
    APPLICATION_NAME("application_name", "ApplicationName", ValueType.text("TEXT"), "ApplicationName"),
    /** {@code require} refuses a server that cannot prove that it knows the password over this very TLS connection. */
    CHANNEL_BINDING(
            "channel_binding",
            "channelBinding",
            ValueType.choice("MODE", "disable", "prefer", "require"),
            "channelBinding"),
    /** Settings of the session, as {@code -c name=value}. Those that Sluice sets itself have no effect. */
    OPTIONS("options", "options", ValueType.text("TEXT"), "options"),
    /** Seconds. libpq's 0, for no limit, is not accepted: a start must end. */
    CONNECT_TIMEOUT("connect_timeout", "connectTimeout", ValueType.number(1, 600), "connectTimeout"),
    /** 1 is the default here, as in libpq. */
    KEEPALIVES("keepalives", "tcpKeepAlive", ValueType.choice("0|1", "0", "1", "false", "true"), "tcpKeepAlive"),
    GSS_ENCRYPTION("gssencmode", "gssEncMode", ValueType.choice("MODE", "disable", "prefer"), "gssEncMode"),
    TLS_NEGOTIATION(
            "sslnegotiation", "sslNegotiation", ValueType.choice("MODE", "postgres", "direct"), "sslNegotiation"),
    /** Holds for one host: commands that write refuse a server that is read-only. */
    TARGET_SESSION(
            "target_session_attrs", "targetServerType", ValueType.choice("MODE", "any", "primary", "read-write"), null),
    CLIENT_ENCODING("client_encoding", "client_encoding", ValueType.choice("NAME", "UTF8", "auto", "utf8"), null);

    private static final String POOLER =
            "it is not PostgreSQL's but another client's; leave it out: Sluice notices a pooler by itself";
    private static final String CERTIFICATE =
            "Sluice logs in with a password, not with a client certificate; leave it out";
    private static final String SYSTEM =
            "the driver leaves it to the operating system (sysctl net.ipv4.tcp_*); leave it out";
    private static final String OURS = "Sluice sets it itself; leave it out";

    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("pgbouncer", POOLER),
            Map.entry("connection_limit", POOLER),
            Map.entry("pool_timeout", POOLER),
            Map.entry("pool_mode", POOLER),
            Map.entry("pool", POOLER),
            Map.entry("supa", POOLER),
            Map.entry("statement_cache_size", POOLER),
            Map.entry("schema", "name the schema in the pipeline (sink.table: schema.table)"),
            Map.entry("currentSchema", "name the schema in the pipeline (sink.table: schema.table)"),
            Map.entry("sslcert", CERTIFICATE),
            Map.entry("sslkey", CERTIFICATE),
            Map.entry("sslpassword", CERTIFICATE),
            Map.entry("sslcertmode", CERTIFICATE),
            Map.entry("keepalives_idle", SYSTEM),
            Map.entry("keepalives_interval", SYSTEM),
            Map.entry("keepalives_count", SYSTEM),
            Map.entry("tcp_user_timeout", SYSTEM),
            Map.entry("hostaddr", "set host instead; with sslmode=verify-full it must be a name in the certificate"),
            Map.entry("passfile", "set the variable PGPASSFILE instead"),
            Map.entry("service", "service files are not read; write the address into the URL"),
            Map.entry("load_balance_hosts", "lists of hosts are not supported; name one, the primary"),
            Map.entry(
                    "cloudSqlInstance",
                    "connectors are not supported; use the address of the instance or of its proxy"),
            Map.entry("socketFactory", "connectors are not supported; use the address of the instance or of its proxy"),
            Map.entry("fallback_application_name", "set application_name instead"),
            Map.entry("ssl", "set sslmode instead"),
            Map.entry("sslfactory", "set sslmode and sslrootcert instead"),
            Map.entry("socketTimeout", OURS),
            Map.entry("loginTimeout", OURS),
            Map.entry("prepareThreshold", OURS),
            Map.entry("reWriteBatchedInserts", OURS),
            Map.entry("stringtype", OURS));

    private final String name;
    private final String jdbcName;
    private final ValueType type;
    private final @Nullable String driverProperty;

    DatabaseParameter(String name, String jdbcName, ValueType type, @Nullable String driverProperty) {
        this.name = name;
        this.jdbcName = jdbcName;
        this.type = type;
        this.driverProperty = driverProperty;
    }

    /** The name in {@code postgresql://} URLs. */
    public String label() {
        return name;
    }

    /** The name in {@code jdbc:postgresql://} URLs. */
    public String jdbcName() {
        return jdbcName;
    }

    /** The driver's property for it; null when there is nothing to pass on. */
    public @Nullable String driverProperty() {
        return driverProperty;
    }

    /** The value as the driver takes it. */
    public String driverValue(String value) {
        return switch (this) {
            case KEEPALIVES -> String.valueOf(value.equals("1") || value.equals("true"));
            case APPLICATION_NAME,
                    CHANNEL_BINDING,
                    OPTIONS,
                    CONNECT_TIMEOUT,
                    GSS_ENCRYPTION,
                    TLS_NEGOTIATION,
                    TARGET_SESSION,
                    CLIENT_ENCODING -> value;
        };
    }

    ValueType type() {
        return type;
    }

    /** @param jdbc whether the URL is pgjdbc's, which has names of its own and also knows those of libpq here */
    static Optional<DatabaseParameter> named(String name, boolean jdbc) {
        return Arrays.stream(values())
                .filter(parameter -> parameter.name.equals(name) || (jdbc && parameter.jdbcName.equals(name)))
                .findFirst();
    }

    /** Why a known parameter is not supported, and what to do; empty for an unknown name. */
    static Optional<String> refusal(String name) {
        return Optional.ofNullable(REFUSED.get(name));
    }
}
