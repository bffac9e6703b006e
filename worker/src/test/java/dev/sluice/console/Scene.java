package dev.sluice.console;

import java.util.Locale;

/** What the made-up worker does. */
enum Scene {
    RUNNING("running"),
    /** All is well: nothing in quarantine, nothing to do. */
    IDLE("idle"),
    CIRCUIT_OPEN("circuit_open"),
    QUEUE_UNREACHABLE("queue_unreachable"),
    DRAINING("draining"),
    /** Opened for the first time: no figure yet. */
    FIRST_START("starting"),
    /** Long names and large numbers. */
    HUGE("running");

    private final String state;

    Scene(String state) {
        this.state = state;
    }

    /** As the status document has it. */
    String state() {
        return state;
    }

    boolean flows() {
        return this == RUNNING || this == HUGE || this == DRAINING;
    }

    boolean quarantined() {
        return this != IDLE && this != FIRST_START;
    }

    /** Of a picture. */
    String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
