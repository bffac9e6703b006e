package dev.sluice.bench.measure;

import java.util.Locale;

/** What a run is measured by. The label is a column of the tables. */
public enum Metric {
    /** From the start of the process, which includes that of its runtime, to the last delete request. */
    RATE("messages/s", 0),
    /** From the moment that a fifth of the messages is deleted. */
    WARM_RATE("messages/s, warm", 0),
    /** The whole process, start and end included. */
    CLIENT_CPU("client CPU s per million", 1),
    /** From the moment that a fifth of the messages is deleted to the last delete. */
    WARM_CLIENT_CPU("client CPU s per million, warm", 1),
    /** All processes of the server. */
    DATABASE_CPU("PostgreSQL CPU s per million", 1),
    /** What the stub queue itself takes from the cores of the machine. */
    STUB_CPU("stub CPU s per million", 1),
    REQUESTS("requests per 1,000", 0),
    /** Rows beyond one per message. */
    SURPLUS_ROWS("rows stored twice", 0),
    /** Of all processes of the contender together. */
    PEAK_MEMORY("peak MiB", 0),
    /** The most messages in flight at a time. */
    IN_FLIGHT("most in flight", 0),
    /** Of the table and its indexes. */
    TABLE_BYTES("table bytes per row", 0),
    /** Of the ledger's partitions and their indexes. */
    LEDGER_BYTES("ledger bytes per row", 0),
    /** Write-ahead log of the whole server meanwhile. */
    WAL_BYTES("WAL bytes per row", 0),
    /** From the start of the process to its end. */
    WALL_SECONDS("wall s, whole process", 2),
    CPU_SECONDS("CPU s, whole process", 2),
    /** From the start of the process to the moment that another session sees a row. */
    FIRST_ROW_SECONDS("first row s", 2),
    /** From the answer to a receive to the arrival of the delete request: an upper bound of received to committed. */
    RECEIVED_P50("received to deleted, p50 ms", 1),
    RECEIVED_P99("received to deleted, p99 ms", 1),
    /** From the moment that a message can be received: an upper bound of sent to committed. */
    VISIBLE_P50("sent to deleted, p50 ms", 1),
    VISIBLE_P99("sent to deleted, p99 ms", 1),
    IDLE_CPU("idle: % of a core", 2),
    IDLE_REQUESTS("idle: requests per minute", 1),
    IDLE_POLLS("idle: long polls at once", 0);

    private final String label;
    private final int decimals;

    Metric(String label, int decimals) {
        this.label = label;
        this.decimals = decimals;
    }

    public String label() {
        return label;
    }

    /** A value as the tables show it, such as {@code 30,700}. */
    public String text(double value) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
