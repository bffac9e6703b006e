package dev.sluice.yaml;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The environment variables that the values of a file may name: {@code ${NAME}}, or {@code ${NAME:-default}} for one that
 * may not be set. <code>$${</code> stands for <code>${</code>. What is put in is not looked at again, so no variable can name
 * another. Empty counts as not set. Not thread-safe.
 */
public final class Variables {

    /** A name as POSIX defines it (XBD 8.1); a default is any text without braces. */
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-([^{}]*))?\\})?");

    private final Map<String, String> environment;
    private final SortedMap<String, String> used = new TreeMap<>();

    private Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Those of an environment. */
    public static Variables of(Map<String, String> environment) {
        return new Variables(environment);
    }

    /** What was put in so far, by name. May hold secrets. */
    public SortedMap<String, String> used() {
        return Collections.unmodifiableSortedMap(used);
    }

    /**
     * A value with its variables replaced.
     *
     * @param problem receives what is wrong with a reference; names the variable, never a value
     */
    String expand(String text, Consumer<String> problem) {
        Matcher reference = REFERENCE.matcher(text);
        StringBuilder expanded = new StringBuilder();
        while (reference.find()) {
            String replacement = reference.group().equals("$${") ? "${" : value(reference, problem);
            reference.appendReplacement(expanded, Matcher.quoteReplacement(replacement));
        }
        return reference.appendTail(expanded).toString();
    }

    private String value(Matcher reference, Consumer<String> problem) {
        String name = reference.group(1);
        if (name == null) {
            problem.accept("${NAME} or ${NAME:-default} was expected; write $${ for a text that contains ${");
            return "";
        }
        String value = value(name, reference.group(3));
        if (value == null) {
            problem.accept(
                    "the environment variable " + name + " is not set; set it, or write ${" + name + ":-default}");
            return "";
        }
        used.put(name, value);
        return value;
    }

    private @Nullable String value(String name, @Nullable String fallback) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? fallback : value;
    }
}
