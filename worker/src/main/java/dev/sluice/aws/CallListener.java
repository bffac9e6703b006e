package dev.sluice.aws;

/** Learns of each call of a service. Thread-safe; returns at once and throws nothing. */
@FunctionalInterface
public interface CallListener {

    /** Learns nothing. */
    CallListener NONE = (operation, status) -> {};

    /**
     * Called when a call has ended, with all its retries by the SDK.
     *
     * @param operation its name in IAM ("sqs:ReceiveMessage")
     * @param status of HTTP; 0 without an answer
     */
    void called(String operation, int status);
}
