package dev.sluice.mask;

import dev.sluice.encoding.Labelled;

/** The part of a value that {@link MaskKind#PARTIAL} leaves readable. */
public enum Keep implements Labelled {
    /** The last four characters of ten or more; nothing of a shorter value. */
    LAST_4,
    /** The domain of an e-mail address. */
    DOMAIN
}
