package dev.sluice.recovery.unmask;

import java.util.List;

/** The outcome of a request for values. It may be shown: its audit entries are committed. */
public sealed interface UnmaskOutcome permits UnmaskOutcome.Opened, PolicyDecision.Denied {

    /** @param results one for each text, in the order requested */
    record Opened(List<TokenResult> results) implements UnmaskOutcome {

        /** Copies the list. */
        public Opened {
            results = List.copyOf(results);
        }
    }
}
