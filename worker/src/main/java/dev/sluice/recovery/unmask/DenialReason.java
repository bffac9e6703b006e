package dev.sluice.recovery.unmask;

/** Why the database denies a request: a closed set, in the audit by its name. */
public enum DenialReason {
    APPROVAL_REQUIRED(
            "more than %d values at once need somebody else's approval; request it with `sluice unmask request`"),
    DAILY_VALUES("this would exceed the %d values that one user may recover or look up in a day (UTC);"
            + " the database's owner may change the policy"),
    /** Later calls on this day are errors. */
    DAILY_CALLS("this login has made all %d calls that are allowed in a day (UTC), including denied ones;"
            + " the database's owner may change the policy"),
    NO_REQUEST("there is no such request; `sluice unmask requests` lists them"),
    OWN_REQUEST("another database user than the requester must approve a request"),
    UNKNOWN_APPROVER("the approver is not a user of the database"),
    OTHER_APPROVER("the request names another approver"),
    OTHER_REQUESTER("only the database user who made a request can fetch it"),
    OTHER_PIPELINE("the request was made for another pipeline; set that one with --pipeline"),
    NOT_APPROVED("the request is not approved yet; another user approves it with `sluice unmask approve`"),
    APPROVED("the request is already approved"),
    FETCHED("the request was already fetched as often as is allowed; make another one"),
    EXPIRED("the request has expired; make another one");

    private final String explanation;

    DenialReason(String explanation) {
        this.explanation = explanation;
    }

    /**
     * For the person who was denied: the reason, and what to do.
     *
     * @param bound the policy's limit that was reached, where there is one
     */
    String explanation(long bound) {
        return explanation.replace("%d", Long.toString(bound));
    }
}
