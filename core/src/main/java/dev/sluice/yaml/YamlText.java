package dev.sluice.yaml;

import dev.sluice.yaml.Problems.Location;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Parses a document. If it is not valid YAML, its entries are parsed one by one, the broken ones reported and left out, and
 * the rest is returned, so that one slip does not hide what else is wrong. Not thread-safe.
 */
final class YamlText {

    /** Each entry is parsed again; a file that a person wrote is far smaller. */
    private static final int MAX_LINES_TO_RECOVER = 5_000;

    private static final Location START = new Location(1, 1);

    private final List<String> lines;
    private final Problems problems;
    private final SyntaxFault faults;

    private YamlText(String text, Problems problems) {
        this.lines = new ArrayList<>(text.lines().toList());
        this.problems = problems;
        this.faults = new SyntaxFault(List.copyOf(lines));
    }

    /** The document's root, or what is left of it; empty if that is nothing. */
    static Optional<Node> parse(String text, Problems problems) {
        try {
            Optional<Node> root = compose(text);
            if (root.isEmpty()) {
                problems.add(START, "the file is empty");
            }
            return root;
        } catch (MarkedYamlEngineException fault) {
            return new YamlText(text, problems).recover(fault);
        } catch (StackOverflowError e) {
            problems.add(START, "not valid YAML: brackets are nested too deeply");
        } catch (YamlEngineException e) {
            problems.add(
                    START,
                    "not valid YAML: one document of plain keys, at most 3 million characters long, was expected");
        }
        return Optional.empty();
    }

    private static Optional<Node> compose(String text) {
        return new Compose(LoadSettings.builder().setUseMarks(true).build()).composeString(text);
    }

    private Optional<Node> recover(MarkedYamlEngineException fault) {
        int before = problems.count();
        if (!(fault instanceof ComposerException) && lines.size() <= MAX_LINES_TO_RECOVER) {
            entries(0, lines.size(), 0).forEach(this::leaveOutBrokenParts);
        }
        if (problems.count() == before) {
            faults.report(fault, 0, problems);
        }
        problems.markIncomplete();
        try {
            return compose(String.join("\n", lines));
        } catch (YamlEngineException | StackOverflowError e) {
            return Optional.empty();
        }
    }

    /** Lines from..to-1, counted from 0. */
    private record Entry(int from, int to) {}

    /** What begins at this indentation, each with all that belongs to it. */
    private List<Entry> entries(int from, int to, int indentation) {
        List<Integer> starts = new ArrayList<>();
        for (int line = from; line < to; line++) {
            if (indentation(line) <= indentation) {
                starts.add(line);
            }
        }
        starts.add(to);
        List<Entry> entries = new ArrayList<>();
        for (int i = 1; i < starts.size(); i++) {
            entries.add(new Entry(starts.get(i - 1), starts.get(i)));
        }
        return entries;
    }

    /** In blanks; of lines that are blank or a comment as if they belonged to the entry before. */
    private int indentation(int line) {
        String text = lines.get(line);
        String stripped = text.strip();
        return stripped.isEmpty() || stripped.startsWith("#") || stripped.equals("---")
                ? Integer.MAX_VALUE
                : text.length() - text.stripLeading().length();
    }

    /** The entries of a broken mapping if one of them is at fault, else all of it. */
    private void leaveOutBrokenParts(Entry entry) {
        if (!isBroken(entry)) {
            return;
        }
        int before = problems.count();
        int below = Integer.MAX_VALUE;
        for (int line = entry.from() + 1; line < entry.to(); line++) {
            below = Math.min(below, indentation(line));
        }
        if (below != Integer.MAX_VALUE && lines.get(entry.from()).strip().endsWith(":")) {
            entries(entry.from() + 1, entry.to(), below).stream()
                    .filter(this::isBroken)
                    .forEach(this::leaveOut);
        }
        if (problems.count() == before) {
            leaveOut(entry);
        }
    }

    private boolean isBroken(Entry entry) {
        try {
            compose(text(entry));
            return false;
        } catch (ComposerException anchorElsewhere) {
            return false;
        } catch (MarkedYamlEngineException fault) {
            return true;
        }
    }

    private void leaveOut(Entry entry) {
        try {
            compose(text(entry));
        } catch (MarkedYamlEngineException fault) {
            faults.report(fault, entry.from(), problems);
        }
        Collections.fill(lines.subList(entry.from(), entry.to()), "");
    }

    private String text(Entry entry) {
        return String.join("\n", lines.subList(entry.from(), entry.to()));
    }
}
