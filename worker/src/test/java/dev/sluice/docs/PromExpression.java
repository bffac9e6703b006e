package dev.sluice.docs;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an expression of Prometheus names. It takes expressions apart only as far as needed for that; {@code promtool}
 * parses them.
 */
record PromExpression(String text) {

    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern SELECTOR = Pattern.compile("\\{[^}]*}");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring) *\\(([^)]*)\\)");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+) *(?:=~|!~|!=|=) *\"([^\"]*)\"");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

    /** The functions and operators that ours use: any other word is a metric's name. */
    private static final Set<String> LANGUAGE = Set.of(
            "sum",
            "max",
            "min",
            "count",
            "rate",
            "increase",
            "histogram_quantile",
            "time",
            "absent",
            "clamp_min",
            "or",
            "and",
            "unless",
            "by",
            "on",
            "without",
            "ignoring",
            "group_left");

    /** Those that Prometheus adds to every series, or to a histogram's. */
    private static final Set<String> OF_EVERY_SERIES = Set.of("job", "instance", "le");

    /** As the contract names them: a histogram's without suffix. */
    Set<String> metrics() {
        String bare = Stream.of(STRING, RANGE, SELECTOR, GROUPING)
                .reduce(text, (left, pattern) -> pattern.matcher(left).replaceAll(" "), (a, b) -> b);
        return WORD.matcher(bare)
                .results()
                .map(MatchResult::group)
                .filter(Predicate.not(LANGUAGE::contains))
                .map(name -> name.replaceFirst("_(bucket|sum|count)$", ""))
                .collect(Collectors.toSet());
    }

    /** Without those of every series. */
    Set<String> labels() {
        Stream<String> matched = matchers().map(matcher -> matcher.group(1));
        Stream<String> grouped = GROUPING.matcher(text)
                .results()
                .flatMap(group -> Arrays.stream(group.group(1).split(",", -1)))
                .map(String::strip);
        return Stream.concat(matched, grouped)
                .filter(Predicate.not(OF_EVERY_SERIES::contains))
                .collect(Collectors.toSet());
    }

    /** The values that a label is compared with, alternatives one by one. */
    Set<String> values(String label) {
        return matchers()
                .filter(matcher -> matcher.group(1).equals(label))
                .flatMap(matcher -> Arrays.stream(matcher.group(2).split("\\|", -1)))
                .collect(Collectors.toSet());
    }

    private Stream<MatchResult> matchers() {
        return MATCHER.matcher(text).results();
    }
}
