package dev.sluice.cli.status;

import dev.sluice.cli.command.Color;
import org.jspecify.annotations.Nullable;

/**
 * One line of figures for people.
 *
 * @param label what it says, in a word or two
 * @param text the figures; may hold names that others chose, not escaped
 * @param color null for that of the terminal
 */
record StatusLine(String label, String text, @Nullable Color color) {

    /** The longest label has 12 characters long. */
    static final int INDENT = 14;

    static StatusLine plain(String label, String text) {
        return new StatusLine(label, text, null);
    }

    String paddedLabel() {
        return label + " ".repeat(INDENT - label.length());
    }
}
