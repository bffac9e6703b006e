package dev.sluice.cli.command;

import java.util.ArrayList;
import java.util.List;

/** Breaks a line between words, for a terminal. */
public final class Paragraph {

    private Paragraph() {}

    /**
     * @param text one line
     * @param indent of the first line, in characters, which the caller prints; the others begin with as many blanks
     * @param width of a line, with the indent; a word that is longer stands alone and is not broken
     * @return at least one line
     */
    public static List<String> lines(String text, int indent, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && indent + line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        for (int i = 1; i < lines.size(); i++) {
            lines.set(i, " ".repeat(indent) + lines.get(i));
        }
        return lines;
    }
}
