package dev.sluice.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** One Markdown file of the repository, taken apart as far as the tests need it. */
record Document(Path file, List<String> lines) {

    /** Maven runs a module's tests in the module's folder. */
    static Path root() {
        Path root = Path.of("").toAbsolutePath().getParent();
        if (root == null || !Files.isExecutable(root.resolve("bin/sluice"))) {
            throw new IllegalStateException("the tests of the documents run in a module of the repository");
        }
        return root;
    }

    /** @param path from the repository's root */
    static Document read(String path) {
        return read(root().resolve(path));
    }

    static Document read(Path file) {
        try {
            return new Document(file, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The part under a heading, down to the next heading of the same or a higher level. */
    Document section(String heading) {
        int start = lines.indexOf(heading);
        if (start < 0) {
            throw new IllegalStateException(file + " has no heading " + heading);
        }
        int level = level(heading);
        List<String> part = lines.subList(start + 1, lines.size()).stream()
                .takeWhile(line -> level(line) == 0 || level(line) > level)
                .toList();
        return new Document(file, part);
    }

    /** 1 for {@code #}, 2 for {@code ##}; 0 for a line that is no heading. */
    private static int level(String line) {
        return line.matches("#+ .*") ? line.indexOf(' ') : 0;
    }

    /** The rows of the first table, without its head; cells as they stand, without code marks. */
    List<List<String>> table() {
        return lines.stream()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(Document::cells)
                .toList();
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.substring(1).split("\\|", -1))
                .map(cell -> cell.strip().replace("`", ""))
                .toList();
    }

    /** The text of every fenced block of that language. */
    List<String> blocks(String language) {
        List<String> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("```" + language)) {
                List<String> block = lines.subList(i + 1, lines.size()).stream()
                        .takeWhile(line -> !line.equals("```"))
                        .toList();
                blocks.add(String.join("\n", block) + "\n");
                i += block.size() + 1;
            }
        }
        return blocks;
    }

    /** Every Markdown file of the repository that is written by hand. */
    static List<Document> all() {
        try (Stream<Path> top = Files.list(root());
                Stream<Path> docs = Files.walk(root().resolve("docs"));
                Stream<Path> examples = Files.walk(root().resolve("examples"))) {
            return Stream.of(top, docs, examples)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .map(Document::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
