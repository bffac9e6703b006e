package dev.sluice.deploy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A block at the top of a Terraform file, such as {@code variable "name" { .. }}. It is read by the layout that
 * {@code terraform fmt} gives every file: a block begins and ends in the first column.
 *
 * @param kind {@code variable}, {@code resource}, ..
 * @param labels what follows it in quotes
 * @param body the lines in between, without comments
 */
record TerraformBlock(String kind, List<String> labels, String body) {

    private static final Pattern BEGIN = Pattern.compile("(\\w+)((?: \"[^\"]+\")*) \\{(})?");
    private static final Pattern LABEL = Pattern.compile("\"([^\"]+)\"");

    /** The blocks of all files of a module. A line outside of a block is an error. */
    static List<TerraformBlock> of(Path module) {
        return DeployFile.under(DeployFile.ROOT.relativize(module).toString(), ".tf").stream()
                .flatMap(file ->
                        in(DeployFile.text(DeployFile.ROOT.relativize(file).toString())).stream())
                .toList();
    }

    private static List<TerraformBlock> in(String text) {
        List<String> lines = text.lines()
                .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                .toList();
        List<TerraformBlock> blocks = new ArrayList<>();
        int next = 0;
        while (next < lines.size()) {
            Matcher begin = BEGIN.matcher(lines.get(next));
            if (!begin.matches()) {
                throw new IllegalArgumentException("not the beginning of a block: " + lines.get(next));
            }
            int end = begin.group(3) != null
                    ? next
                    : next + lines.subList(next, lines.size()).indexOf("}");
            if (end < next) {
                throw new IllegalArgumentException("the block does not end: " + lines.get(next));
            }
            List<String> labels = LABEL.matcher(begin.group(2))
                    .results()
                    .map(label -> label.group(1))
                    .toList();
            List<String> body = next == end ? List.of() : lines.subList(next + 1, end);
            blocks.add(new TerraformBlock(begin.group(1), labels, String.join("\n", body)));
            next = end + 1;
        }
        return blocks;
    }

    String name() {
        return labels.get(labels.size() - 1);
    }

    /** The names of the block's own arguments, not of those of blocks within it. */
    List<String> arguments() {
        return all("(?m)^  (\\w+) +=").toList();
    }

    /** The texts of every list of that name, {@code name = ["a", "b"]}, on one line or several. */
    List<String> texts(String name) {
        return all("(?s)\\b" + name + " += \\[(.*?)\\]\n?")
                .flatMap(list -> Pattern.compile("[^,\\s][^,]*").matcher(list).results())
                .map(element -> element.group().strip().replace("\"", ""))
                .toList();
    }

    /** The first group of every match in the body. */
    Stream<String> all(String pattern) {
        return Pattern.compile(pattern).matcher(body).results().map(match -> match.group(1));
    }
}
