package dev.sluice.recovery.unmask;

import java.util.List;

/** What came of asking for values. What is in here may be shown: the audit of it is committed. */
public sealed interface Outcome {

    /** @param answers one for each text, in the order asked */
    record Opened(List<Answer> answers) implements Outcome {

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
    record Withheld(Decision.Denied why) implements Outcome {}
}
