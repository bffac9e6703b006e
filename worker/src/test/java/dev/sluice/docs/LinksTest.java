package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LinksTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    @Test
    void everyRelativeLinkLeadsToAFileAndHeadingOfTheRepository() {
        List<String> broken = Document.all().stream()
                .flatMap(document -> targets(document).stream()
                        .filter(target -> !leadsSomewhere(document.file(), target))
                        .map(target -> Document.root().relativize(document.file()) + " -> " + target))
                .toList();

        assertThat(broken).isEmpty();
    }

    @Test
    void everyPageUnderDocsIsLinkedFromSomewhere() {
        List<Path> linked = Document.all().stream()
                .flatMap(document -> targets(document).stream().map(target -> folder(document.file())
                        .resolve(target.replaceFirst("#.*", ""))
                        .normalize()))
                .toList();

        assertThat(Document.all().stream()
                        .map(Document::file)
                        .filter(file -> file.startsWith(Document.root().resolve("docs"))))
                .isNotEmpty()
                .allMatch(linked::contains);
    }

    private static List<String> targets(Document document) {
        return LINK.matcher(String.join("\n", document.lines()))
                .results()
                .map((MatchResult link) -> link.group(1))
                .filter(target -> !target.contains("://"))
                .toList();
    }

    private static boolean leadsSomewhere(Path from, String target) {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? from : folder(from).resolve(path).normalize();
        boolean inside = file.startsWith(Document.root()) && Files.exists(file);
        return inside && (hash < 0 || anchors(file).contains(target.substring(hash + 1)));
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent());
    }

    /** As the usual hosts make them: lower case, blanks to hyphens, punctuation dropped. */
    private static List<String> anchors(Path file) {
        return Document.read(file).lines().stream()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
