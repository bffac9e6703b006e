package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** ARCHITECTURE.md against the code: its tree has one line per package, and every type that it names is there. */
class ArchitectureDocsTest {

    private static final Document PAGE = Document.read("ARCHITECTURE.md");

    /** A package's line in the tree: indented, the name, blanks, its subject. */
    private static final Pattern PACKAGE = Pattern.compile(" {6}([a-z][a-z0-9.]*) {2,}\\S.*");

    /** In code marks a type's name, in the path one with its package: {@code pipeline.Pipeline.processBatch}. */
    private static final Pattern TYPE = Pattern.compile("\\b(?:[a-z]+\\.)*([A-Z][a-z]+[A-Za-z0-9]*)\\b");

    private static final Pattern QUALIFIED = Pattern.compile("\\b[a-z]+\\.([A-Z][A-Za-z0-9]*)\\b");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private static final List<JavaClass> TYPES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.sluice").stream()
                    .toList();

    @Test
    void theTreeHasOneLinePerPackage() {
        List<String> lines = PAGE.section("## The house").lines().stream()
                .map(PACKAGE::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .toList();

        assertThat(lines)
                .containsExactlyInAnyOrderElementsOf(TYPES.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> !name.equals("dev.sluice"))
                        .map(name -> name.substring("dev.sluice.".length()))
                        .collect(Collectors.toSet()));
    }

    @Test
    void everyTypeThatItNamesIsThere() {
        Set<String> known = new ClassFileImporter()
                .importPackages("dev.sluice").stream()
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet());

        assertThat(named()).isNotEmpty().isSubsetOf(known);
    }

    private static Set<String> named() {
        return PAGE.lines().stream()
                .flatMap(line -> line.startsWith("    ")
                        ? QUALIFIED.matcher(line).results()
                        : CODE.matcher(line).results().flatMap(code -> types(code.group(1))))
                .map(type -> type.group(1))
                .collect(Collectors.toSet());
    }

    private static Stream<MatchResult> types(String code) {
        return code.contains("/") ? Stream.empty() : TYPE.matcher(code).results();
    }
}
