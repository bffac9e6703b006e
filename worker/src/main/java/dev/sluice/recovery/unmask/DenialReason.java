package dev.sluice.recovery.unmask;

/** Why the database does not let the actor do it: a closed set, in the audit by its name. */
public enum DenialReason {
    /** More values at once than one person may recover alone. */
    APPROVAL_REQUIRED,
    /** More values than the actor may still recover on this UTC day, or than anybody may in one. */
    DAILY_VALUES,
    /** All the calls that the policy allows one login in a UTC day were made; those after this denial are errors. */
    DAILY_CALLS,
    /** There is no request of that number. */
    NO_REQUEST,
    /** Nobody approves a request of their own. */
    OWN_REQUEST,
    /** The named approver is no user of the database. */
    UNKNOWN_APPROVER,
    /** The request names another approver. */
    OTHER_APPROVER,
    /** Only who asked may fetch. */
    OTHER_REQUESTER,
    /** The request was made under another pipeline. */
    OTHER_PIPELINE,
    /** Nobody has approved it yet. */
    NOT_APPROVED,
    /** It has been approved already. */
    APPROVED,
    /** It has been fetched already, which can be done once. */
    FETCHED,
    /** Its time is over. */
    EXPIRED;

    /**
     * For the person who was denied: what is the matter, and what to do.
     *
     * @param bound the policy's figure that was reached, where it is one
     */
    public String explanation(long bound) {
        return switch (this) {
            case APPROVAL_REQUIRED ->
                "more than " + bound + " values at once need somebody else's approval; ask for it by"
                        + " `sluice unmask request`";
            case DAILY_VALUES ->
                "that would be more than the " + bound + " values that one user may recover or look up in a day (UTC);"
                        + " the database's owner may change the policy";
            case DAILY_CALLS ->
                "this login has made the " + bound + " calls that one may make in a day (UTC), denied ones too; the"
                        + " database's owner may change the policy";
            case NO_REQUEST -> "there is no such request; `sluice unmask requests` lists them";
            case OWN_REQUEST -> "a request is approved by another database user than the one who makes it";
            case UNKNOWN_APPROVER -> "the approver is no user of the database";
            case OTHER_APPROVER -> "the request names another approver";
            case OTHER_REQUESTER -> "a request is fetched by the database user who made it";
            case OTHER_PIPELINE -> "the request was made under another pipeline; name that one by --pipeline";
            case NOT_APPROVED ->
                "nobody has approved the request yet; another user does that by `sluice unmask approve`";
            case APPROVED -> "the request is approved already";
            case FETCHED -> "the request was fetched already, and that can be done once; make another one";
            case EXPIRED -> "the request's time is over; make another one";
        };
    }
}
