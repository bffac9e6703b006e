package dev.sluice.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a call, without its values: an argument in the wrong place may be a clear one. */
final class WrongCall {

    private WrongCall() {}

    /**
     * One sentence, and perhaps what was meant.
     *
     * @param called the command
     */
    static String explain(ParameterException wrong, CommandSpec called) {
        if (wrong instanceof MissingParameterException known
                && !known.getMissing().isEmpty()) {
            return missing(known.getMissing());
        }
        if (wrong instanceof UnmatchedArgumentException known
                && !known.getUnmatched().isEmpty()) {
            return unmatched(known.getUnmatched().getFirst(), called);
        }
        return String.valueOf(wrong.getMessage());
    }

    private static String missing(List<ArgSpec> missing) {
        List<String> names = missing.stream()
                .sorted(Comparator.comparing(ArgSpec::isPositional))
                .map(WrongCall::name)
                .distinct()
                .toList();
        if (names.size() == 1) {
            return names.getFirst() + " is required";
        }
        boolean alternatives =
                missing.getFirst().group() != null && missing.getFirst().group().exclusive();
        return (alternatives ? "one of " : "")
                + String.join(", ", names.subList(0, names.size() - 1))
                + (alternatives ? " or " : " and ")
                + names.getLast()
                + (alternatives ? " is required" : " are required");
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String unmatched(String argument, CommandSpec called) {
        if (argument.startsWith("-")) {
            String option = argument.replaceFirst("=.*", "");
            return "unknown option " + option + guess(Nearest.to(option, optionNames(called)));
        }
        return called.subcommands().isEmpty() || !called.positionalParameters().isEmpty()
                ? "too many arguments"
                : "unknown command " + argument
                        + guess(Nearest.to(argument, called.subcommands().keySet()));
    }

    private static List<String> optionNames(CommandSpec called) {
        List<String> names = new ArrayList<>();
        called.options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> names.addAll(List.of(option.names())));
        return names;
    }

    private static String guess(Optional<String> name) {
        return name.map(near -> "; did you mean " + near + "?").orElse("");
    }
}
