package dev.sluice.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which name was meant. */
final class Nearest {

    /** One edit for each so many characters: {@code --until-emtpy} is near, {@code validate} is not near {@code migrate}. */
    private static final int CHARACTERS_PER_EDIT = 4;

    private Nearest() {}

    /** The name with the fewest edits from what was typed; empty if even that one is another word. */
    static Optional<String> to(String typed, Collection<String> names) {
        return names.stream()
                .filter(name -> edits(typed, name) <= Math.max(1, typed.length() / CHARACTERS_PER_EDIT))
                .min(Comparator.comparingInt((String name) -> edits(typed, name))
                        .thenComparing(name -> name));
    }

    /** How many characters must be inserted, removed, replaced or swapped with their neighbour. */
    static int edits(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replaced = edits[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], 1 + edits[i - 2][j - 2]);
                }
            }
        }
        return edits[from.length()][to.length()];
    }
}
