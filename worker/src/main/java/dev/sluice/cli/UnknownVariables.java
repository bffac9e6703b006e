package dev.sluice.cli;

import dev.sluice.config.Setting;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds environment variables that look like settings and are not: a misspelt one would be ignored in silence. */
final class UnknownVariables {

    private static final String PREFIX = "SLUICE_";

    /** Read by {@link Sluice} and by bin/sluice. */
    private static final Set<String> OTHERS = Set.of("SLUICE_CONFIG", "SLUICE_JAVA_OPTS", "SLUICE_CLASS_CACHE");

    /** Kubernetes sets these for every pod beside a Service named sluice (Service, Discovering services). */
    private static final Pattern KUBERNETES =
            Pattern.compile("SLUICE_(?:[A-Z0-9_]+_)?(?:SERVICE_(?:HOST|PORT).*|PORT(?:_.*)?)");

    private UnknownVariables() {}

    /** A sentence about each, in order of their names, without values. */
    static List<String> warnings(Collection<String> names) {
        Set<String> known =
                Stream.concat(Setting.allVariables(), OTHERS.stream()).collect(Collectors.toSet());
        return new TreeSet<>(names)
                .stream()
                        .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                        .filter(name -> !KUBERNETES.matcher(name).matches())
                        .map(name -> "warning: the environment variable " + name + " is not a setting"
                                + Nearest.to(name, known)
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse(" and has no effect"))
                        .toList();
    }
}
