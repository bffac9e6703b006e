package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.detect.PersonalData;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.Convert;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.mapping.Reason;
import dev.sluice.mapping.SpecKey;
import dev.sluice.mask.MaskKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineDocsTest {

    private static final Document PAGE = Document.read("docs/pipelines.md");

    private static final String HEAD = "pipeline: snippet\nsource: { queue: q }\nsink: { table: t }\ncolumns:\n";

    @Test
    void tableHoldsEveryKeyAsItIsDeclared() {
        List<List<String>> declared =
                Arrays.stream(SpecKey.values()).map(PipelineDocsTest::row).toList();

        assertThat(PAGE.section("## Keys").table())
                .map(row -> row.subList(0, 4))
                .containsExactlyElementsOf(declared);
    }

    private static List<String> row(SpecKey key) {
        String fallback = key.required() ? "required" : Objects.requireNonNullElse(key.fallback(), "-");
        return List.of(key.path(), fallback, key.value().expected(), key.description());
    }

    @Test
    void tableHoldsEveryReasonWithItsExplanation() {
        List<List<String>> declared = Arrays.stream(Reason.values())
                .map(reason -> List.of(reason.label(), reason.explanation()))
                .toList();

        assertThat(PAGE.section("## Rejection reasons").table().stream().map(row -> row.subList(0, 2)))
                .containsExactlyElementsOf(declared);
    }

    @Test
    void showsTheDefaultAsItIs() throws IOException {
        Path file = Document.root().resolve("core/src/main/resources/dev/sluice/mapping/pipelines/user-logins.yaml");

        assertThat(PAGE.section("## The default").blocks("yaml").getFirst().lines())
                .containsExactlyElementsOf(Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("#"))
                        .toList());
    }

    @Test
    void tableHoldsEveryType() {
        List<String> simple =
                Arrays.stream(ColumnType.Simple.values()).map(ColumnType::sql).toList();

        assertThat(firstCells("## Types"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Stream.of("varchar(n)", "numeric(p,s)"), simple.stream())
                                .toList());
    }

    @Test
    void tableHoldsEveryConversion() {
        assertThat(firstCells("## Conversions"))
                .containsExactlyElementsOf(
                        Arrays.stream(Convert.values()).map(Convert::label).toList());
    }

    @Test
    void tableHoldsEveryKindOfPersonalDataAndItsLimits() {
        List<List<String>> declared = Arrays.stream(PersonalData.values())
                .map(kind -> List.of(kind.label(), Integer.toString(kind.minimum()), kind.percent() + " %"))
                .toList();

        assertThat(PAGE.section("## Personal data that nobody masked").table())
                .map(row -> List.of(row.get(0), row.get(2), row.get(3)))
                .containsExactlyElementsOf(declared);
    }

    @Test
    void tablesHoldEveryMask() {
        List<String> masks =
                Arrays.stream(MaskKind.values()).map(MaskKind::label).toList();

        assertThat(firstCells("## Masks")).containsExactlyElementsOf(masks);
        assertThat(Document.read("docs/masking.md").section("## The modes").table().stream()
                        .map(List::getFirst))
                .containsExactlyElementsOf(masks);
    }

    @Test
    void everySnippetIsAPipelineOrItsColumns(@TempDir Path folder) throws IOException {
        List<String> snippets = PAGE.blocks("yaml");

        assertThat(snippets).hasSizeGreaterThan(1);
        for (String snippet : snippets) {
            Path file = folder.resolve("snippet.yaml");
            Files.writeString(file, snippet.startsWith("pipeline:") ? snippet : HEAD + snippet);
            PipelineSpec spec = Pipelines.load(file.toString());
            assertThat(spec.columns()).hasSizeGreaterThan(1);
        }
    }

    private static List<String> firstCells(String heading) {
        return PAGE.section(heading).table().stream().map(List::getFirst).toList();
    }
}
