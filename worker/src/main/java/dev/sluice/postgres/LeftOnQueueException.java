package dev.sluice.postgres;

import java.util.Set;

/** Rows were refused whose messages are to stay on the queue; nothing was stored. Never leaves the sink. */
final class LeftOnQueueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Set<String> messageIds;

    LeftOnQueueException(Set<String> messageIds) {
        super("messages are left to the queue", null, false, false);
        this.messageIds = messageIds;
    }

    Set<String> messageIds() {
        return messageIds;
    }
}
