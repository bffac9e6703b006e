package dev.sluice.recovery.unmask;

import java.util.List;

/** What came of asking for values. What is in here may be shown: the audit of it is committed. */
public sealed interface UnmaskOutcome {

    /** @param answers one for each text, in the order asked */
    record Opened(List<TokenResult> answers) implements UnmaskOutcome {

        /** Copies the list. */
        public Opened {
            answers = List.copyOf(answers);
        }
    }

    /**
     * Nothing was opened.
     *
     * @param why why not
     */
    record Withheld(PolicyDecision.Denied why) implements UnmaskOutcome {}
}
