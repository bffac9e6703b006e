package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The table of docs/guarantees.md against the tests of the fault matrix: neither may promise more than the other. */
class GuaranteesDocsTest {

    private static final String PACKAGE = "dev.sluice.faults";

    private static final List<List<String>> TABLE =
            Document.read("docs/guarantees.md").section("## The fault matrix").table();

    /** Rows that every build runs. */
    private static final List<Integer> IN_EVERY_BUILD = List.of(
            1, 2, 3, 4, 5, 6, 8, 12, 13, 14, 15, 16, 23, 24, 29, 30, 32, 33, 34, 35, 36, 39, 40, 41, 42, 43, 44, 45);

    @Test
    void tableHoldsEveryTestOfTheMatrixWithWhereItRuns() {
        assertThat(TABLE.stream().map(row -> row.get(2) + " in " + row.get(3)))
                .containsExactlyInAnyOrderElementsOf(tests());
    }

    @Test
    void everyTestStandsInItsRow() {
        assertThat(TABLE).isNotEmpty().allSatisfy(row -> assertThat(row.get(2))
                .contains(String.format(Locale.ROOT, ".row%02d_", Integer.parseInt(row.get(0)))));
    }

    @Test
    void rowsOfEveryBuildHaveATestThere() {
        assertThat(TABLE.stream().filter(row -> row.get(3).equals("verify")).map(row -> Integer.valueOf(row.get(0))))
                .containsAll(IN_EVERY_BUILD);
    }

    private static List<String> tests() {
        return classes().stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods())
                        .filter(method -> method.getName().matches("row\\d\\d_.*"))
                        .map(method -> type.getSimpleName() + "." + method.getName() + " in "
                                + (isChaos(type) ? "-Pchaos" : "verify")))
                .toList();
    }

    private static boolean isChaos(Class<?> type) {
        return Arrays.stream(type.getAnnotationsByType(Tag.class))
                .anyMatch(tag -> tag.value().equals("chaos"));
    }

    private static List<Class<?>> classes() {
        Path folder = Document.root().resolve("worker/src/test/java").resolve(PACKAGE.replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            List<Class<?>> classes = new ArrayList<>();
            for (String name : files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("IT.java"))
                    .toList()) {
                classes.add(Class.forName(PACKAGE + "." + name.replace(".java", "")));
            }
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
