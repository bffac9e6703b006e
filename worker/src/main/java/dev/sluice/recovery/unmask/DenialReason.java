package dev.sluice.recovery.unmask;

/** Why the database denies a request: a closed set, in the audit by its name. */
public enum DenialReason {
    /** More values at once than one person may recover alone. */
    APPROVAL_REQUIRED,
    /** More values than the actor may still recover on this UTC day, or than anybody may recover in a day. */
    DAILY_VALUES,
    /** The login has made all the calls that the policy allows in a UTC day; calls after this denial are errors. */
    DAILY_CALLS,
    /** There is no request with that number. */
    NO_REQUEST,
    /** Nobody may approve their own request. */
    OWN_REQUEST,
    /** The named approver is not a user of the database. */
    UNKNOWN_APPROVER,
    /** The request names another approver. */
    OTHER_APPROVER,
    /** Only the requester may fetch. */
    OTHER_REQUESTER,
    /** The request was made under another pipeline. */
    OTHER_PIPELINE,
    /** Nobody has approved it yet. */
    NOT_APPROVED,
    /** It is already approved. */
    APPROVED,
    /** It was already fetched, which can be done once. */
    FETCHED,
    /** It has expired. */
    EXPIRED;

    /**
     * For the person who was denied: the reason, and what to do.
     *
     * @param bound the policy's limit that was reached, where there is one
     */
    public String explanation(long bound) {
        return switch (this) {
            case APPROVAL_REQUIRED ->
                "more than " + bound + " values at once need somebody else's approval; request it with"
                        + " `sluice unmask request`";
            case DAILY_VALUES ->
                "this would exceed the " + bound + " values that one user may recover or look up in a day (UTC);"
                        + " the database's owner may change the policy";
            case DAILY_CALLS ->
                "this login has made all " + bound
                        + " calls that are allowed in a day (UTC), including denied ones; the"
                        + " database's owner may change the policy";
            case NO_REQUEST -> "there is no such request; `sluice unmask requests` lists them";
            case OWN_REQUEST -> "another database user than the requester must approve a request";
            case UNKNOWN_APPROVER -> "the approver is not a user of the database";
            case OTHER_APPROVER -> "the request names another approver";
            case OTHER_REQUESTER -> "only the database user who made a request can fetch it";
            case OTHER_PIPELINE -> "the request was made for another pipeline; set that one with --pipeline";
            case NOT_APPROVED ->
                "the request is not approved yet; another user approves it with `sluice unmask approve`";
            case APPROVED -> "the request is already approved";
            case FETCHED -> "the request was already fetched, which can be done once; make another one";
            case EXPIRED -> "the request has expired; make another one";
        };
    }
}
