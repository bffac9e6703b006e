package dev.sluice.yaml;

import dev.sluice.yaml.Problems.Location;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Says what is wrong where YAML cannot be parsed. The parser's own sentence quotes the file, which may hold a password, so
 * this looks at the text at the place that the parser names, for the mistakes that people make.
 */
final class SyntaxFault {

    private static final Pattern TAB_INDENTATION = Pattern.compile(" *\\t.*");
    private static final Pattern NO_BLANK_AFTER_COLON = Pattern.compile(" *[\\w.-]+:[^\\s/].*");
    private static final char END_OF_LINE = '\n';
    private static final String QUOTED_AT_START = "@`%*&!";

    private final List<String> lines;

    /** @param lines of the whole file */
    SyntaxFault(List<String> lines) {
        this.lines = lines;
    }

    /**
     * Adds the problem.
     *
     * @param linesBefore lines of the file before the text that was parsed
     */
    void report(MarkedYamlEngineException fault, int linesBefore, Problems problems) {
        Location place =
                fault.getProblemMark().map(mark -> place(mark, linesBefore)).orElse(new Location(1, 1));
        Location context =
                fault.getContextMark().map(mark -> place(mark, linesBefore)).orElse(place);
        int tab = tabAtOrBefore(place.line());
        if (tab > 0) {
            problems.add(
                    new Location(tab, line(tab).indexOf('\t') + 1),
                    "not valid YAML: a tab; indent with blanks, YAML does not allow tabs there");
            return;
        }
        switch (charAt(context)) {
            case '"', '\'' -> problems.add(context, "not valid YAML: the quote that opens here is not closed");
            case '{', '[' ->
                problems.add(isOpen(place, context) ? context : place, "not valid YAML: " + inBrackets(place, context));
            default -> problems.add(place, "not valid YAML: " + outside(fault, place));
        }
    }

    /** Whether the line on which a bracket opens gives no reason why it is not closed. */
    private boolean isOpen(Location place, Location context) {
        return place.line() != context.line() || charAt(place) == END_OF_LINE;
    }

    private String inBrackets(Location place, Location context) {
        if (isOpen(place, context)) {
            return "the bracket that opens here is not closed";
        }
        boolean variable = charAt(place) == '{' && charAt(new Location(place.line(), place.column() - 1)) == '$';
        return variable
                ? "quote a variable inside braces: \"${NAME}\""
                : "a comma or the closing bracket is missing before this; quote a value that contains one of ,[]{}";
    }

    private String outside(MarkedYamlEngineException fault, Location place) {
        if (fault instanceof ComposerException) {
            return "an alias (*name) without its anchor (&name); quote a value that begins with *";
        }
        if (QUOTED_AT_START.indexOf(charAt(place)) >= 0) {
            return "quote a value that begins with " + charAt(place);
        }
        if (lacksBlank(place.line()) || lacksBlank(place.line() - 1)) {
            return "put a blank after the colon here or on the line before";
        }
        if (charAt(place) == ':') {
            return "a second colon; quote a value that contains a colon and a blank";
        }
        return "look at indentation, quotes, brackets and colons here";
    }

    private boolean lacksBlank(int line) {
        return NO_BLANK_AFTER_COLON.matcher(line(line)).matches();
    }

    /** The line itself or the one before, where the parser may have begun what it could not end; 0 for neither. */
    private int tabAtOrBefore(int line) {
        return TAB_INDENTATION.matcher(line(line)).matches()
                ? line
                : TAB_INDENTATION.matcher(line(line - 1)).matches() ? line - 1 : 0;
    }

    private String line(int number) {
        return number < 1 || number > lines.size() ? "" : lines.get(number - 1);
    }

    private char charAt(Location place) {
        String line = line(place.line());
        int column = place.column() - 1;
        return column < 0 || column >= line.length() ? END_OF_LINE : line.charAt(column);
    }

    private static Location place(Mark mark, int linesBefore) {
        return new Location(linesBefore + mark.getLine() + 1, mark.getColumn() + 1);
    }
}
