package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.mapping.ColumnType.Numeric;
import dev.sluice.mapping.ColumnType.Varchar;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.PipelineSpec.Default;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.EmailFold;
import dev.sluice.mask.Keep;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.MaskSpec;
import dev.sluice.yaml.InvalidDocumentException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReaderTest {

    private static final String HEAD = "pipeline: p\nsource: { queue: q }\nsink: { table: t }\n";

    @Test
    void readsTheBuiltInPipelineAsDocumented() {
        PipelineSpec spec = Pipelines.load("user-logins");

        assertThat(spec.source().queue()).isEqualTo("login-queue");
        assertThat(spec.sink().qualifiedName()).isEqualTo("user_logins");
        assertThat(spec.columns())
                .extracting(column -> column.name() + " " + column.type().sql())
                .containsExactly(
                        "user_id varchar(128)",
                        "device_type varchar(32)",
                        "masked_ip varchar(256)",
                        "masked_device_id varchar(256)",
                        "locale varchar(32)",
                        "app_version integer",
                        "create_date date");
        assertThat(spec.columns().get(2).mask()).satisfies(mask -> {
            assertThat(mask.kind()).isEqualTo(MaskKind.DETERMINISTIC_AEAD);
            assertThat(mask.form()).isEqualTo(CanonicalForm.IP);
        });
        assertThat(spec.columns().get(6).fallback()).isInstanceOf(Default.SentDate.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user-logins", "user-logins-sha256"})
    void everyBuiltInPipelineIsSound(String name) {
        assertThat(Pipelines.load(name).name()).isEqualTo(name);
    }

    @Test
    void readsPointersAndParameters() {
        List<Column> columns = SpecReader.read(
                        "x",
                        HEAD
                                + """
                columns:
                  a: { from: /x/y~1z/0, type: varchar(9) }
                  b: { from: b, type: 'numeric(12,2)', default: 0.5 }
                """)
                .columns();

        assertThat(columns.get(0).from()).containsExactly("x", "y/z", "0");
        assertThat(columns.get(0).type()).isEqualTo(new Varchar(9));
        assertThat(columns.get(1).type()).isEqualTo(new Numeric(12, 2));
    }

    @Test
    void readsTheSettingsOfAMasksForm() {
        List<MaskSpec> masks = SpecReader.read(
                        "x",
                        HEAD
                                + """
                columns:
                  a: { from: a, type: text, mask: { kind: keyed-hash, as: email, fold: [dots, case] } }
                  b: { from: b, type: text, mask: { kind: keyed-hash, as: phone, region: NO } }
                  c: { from: c, type: text, mask: { kind: partial, as: card, keep: last-4 } }
                  d: { from: d, type: text, mask: { kind: keyed-hash, as: email, fold: [] } }
                """)
                .columns()
                .stream()
                .map(Column::mask)
                .toList();

        assertThat(masks.get(0).fold()).containsExactlyInAnyOrder(EmailFold.CASE, EmailFold.DOTS);
        assertThat(masks.get(1).region()).isEqualTo("NO");
        assertThat(masks.get(2).keep()).isEqualTo(Keep.LAST_4);
        assertThat(masks.get(3)).isEqualTo(new MaskSpec(MaskKind.KEYED_HASH, CanonicalForm.EMAIL, false, null));
    }

    @Test
    void readsWhatItMeansThatATriggerTakesRows() {
        String columns = "columns:\n  a: { from: a, type: text }\n";

        assertThat(SpecReader.read("x", HEAD + columns).sink().rowsTakenByTrigger())
                .isEqualTo(PipelineSpec.RowsTakenByTrigger.REFUSE);
        assertThat(SpecReader.read("x", HEAD.replace("t }", "t, rows-taken-by-trigger: accept }") + columns)
                        .sink()
                        .rowsTakenByTrigger())
                .isEqualTo(PipelineSpec.RowsTakenByTrigger.ACCEPT);
        assertThatThrownBy(
                        () -> SpecReader.read("x", HEAD.replace("t }", "t, rows-taken-by-trigger: maybe }") + columns))
                .hasMessageContaining("3:")
                .hasMessageContaining("sink.rows-taken-by-trigger: one of [refuse, accept] was expected");
    }

    @Test
    void tellsAllProblemsTogetherWithLineAndColumn() {
        String yaml =
                """
                pipeline: Bad Name
                source: { queue: q, unwrapp: sns }
                sink: { table: a.b.c }
                columns:
                  a: { from: a, type: strnig }
                  b: { type: integer, convert: lower, required: maybe }
                """;

        assertThatThrownBy(() -> SpecReader.read("bad.yaml", yaml))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("bad.yaml: 7 problems")
                .hasMessageContaining("1:11 pipeline: ")
                .hasMessageContaining("2:21 source.unwrapp: unknown key")
                .hasMessageContaining("3:16 sink.table: ")
                .hasMessageContaining("5:23 columns.a.type: ")
                .hasMessageContaining("columns.b.from: missing")
                .hasMessageContaining("6:32 columns.b.convert: lower does not produce integer")
                .hasMessageContaining("6:49 columns.b.required: true or false");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refusals")
    void refuses(String column, String message) {
        assertThatThrownBy(() -> SpecReader.read("x", HEAD + "columns: { c: { from: f, " + column + " } }"))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> refusals() {
        String masked = "type: varchar(256), mask: ";
        return Stream.of(
                Arguments.of("type: varchar(0)", "expected varchar(n)"),
                Arguments.of("type: 'numeric(3,4)'", "expected varchar(n)"),
                Arguments.of("type: integer, default: x", "default: does not fit integer"),
                Arguments.of("type: date, default: 2023-02-30", "expected sent-date or yyyy-mm-dd"),
                Arguments.of("type: varchar(2), default: abc", "default: does not fit varchar(2)"),
                Arguments.of("type: integer, mask: { kind: keyed-hash }", "a masked column holds text"),
                Arguments.of(masked + "{ kind: sha256 }", "accept-reversible: true"),
                Arguments.of(masked + "{ kind: generalize }", "add as: ip"),
                Arguments.of(masked + "{ kind: rot13 }", "one of [deterministic-aead"),
                Arguments.of(masked + "{ }", "kind: missing"),
                Arguments.of(masked + "{ kind: sha256, accept-reversible: true, replacement: x }", "redact only"),
                Arguments.of(masked + "{ kind: keyed-hash }, default: x", "cannot have a default"),
                Arguments.of(masked + "{ kind: generalize, as: mac }", "add as: ip"),
                Arguments.of(masked + "{ kind: redact, as: email }", "mask.as: redact stores a constant"),
                Arguments.of(masked + "{ kind: keyed-hash, fold: [case] }", "fold: applies to as: email only"),
                Arguments.of(masked + "{ kind: keyed-hash, as: email, fold: case }", "fold: a list was expected"),
                Arguments.of(
                        masked + "{ kind: keyed-hash, as: email, fold: [case, tags] }",
                        "4:96 columns.c.mask.fold: one of [case, plus-tag, dots] was expected"),
                Arguments.of(masked + "{ kind: keyed-hash, as: email, fold: [[case]] }", "fold: one of [case"),
                Arguments.of(masked + "{ kind: keyed-hash, region: DE }", "region: applies to as: phone only"),
                Arguments.of(masked + "{ kind: keyed-hash, as: phone, region: de }", "two upper-case letters"),
                Arguments.of(masked + "{ kind: keyed-hash, as: phone, region: XX }", "two upper-case letters"),
                Arguments.of(masked + "{ kind: keyed-hash, keep: last-4 }", "keep: applies to kind: partial only"),
                Arguments.of(masked + "{ kind: partial }", "kind: partial needs keep: last-4 or keep: domain"),
                Arguments.of(masked + "{ kind: partial, keep: first-4 }", "keep: one of [last-4, domain] was expected"),
                Arguments.of(masked + "{ kind: partial, keep: domain }", "keep: only an e-mail address has a domain"),
                Arguments.of(masked + "{ kind: partial, keep: last-4, as: ip }", "keep: last-4 works as text, phone"),
                Arguments.of("type: varchar(7), mask: { kind: partial, keep: last-4 }", "at least 8"),
                Arguments.of("type: varchar(49), mask: { kind: keyed-hash, as: card }", "at least 50"),
                Arguments.of("type: varchar(70), mask: { kind: deterministic-aead, as: email }", "at least 71"),
                Arguments.of("type: varchar(49), mask: { kind: deterministic-aead, as: ip }", "at least 50"),
                Arguments.of("type: varchar(70), mask: { kind: deterministic-aead }", "at least 71"),
                Arguments.of("type: text, from: g", "the key appears twice"));
    }

    @Test
    void refusesAFieldThatIsBothValueAndObject() {
        assertThatThrownBy(
                        () -> SpecReader.read(
                                "x",
                                HEAD
                                        + """
                columns:
                  a: { from: x, type: text }
                  b: { from: /x/y, type: text }
                """))
                .hasMessageContaining("columns.b.from: lies inside the field of column a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "- a", "a: [", "a: b: c", "---\na: 1\n---\nb: 2", "just text", "\u0000"})
    void tellsWhereUnreadableYamlBreaks(String text) {
        assertThatThrownBy(() -> SpecReader.read("x.yaml", text))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("x.yaml");
    }

    @Test
    void saysWhatItLookedForWhenThereIsNoSuchPipeline() {
        assertThatThrownBy(() -> Pipelines.load("user-login"))
                .isInstanceOf(PipelineNotFoundException.class)
                .hasMessageContaining("neither a file nor a built-in pipeline [user-logins");
    }

    @Test
    void takesValuesFromVariables() {
        PipelineSpec spec = SpecReader.read(
                "x",
                HEAD.replace("queue: q", "queue: \"${QUEUE}\"")
                        + "columns: { c: { from: f, type: \"${TYPE:-text}\" } }",
                Map.of("QUEUE", "orders"));

        assertThat(spec.source().queue()).isEqualTo("orders");
        assertThat(spec.columns().get(0).type())
                .isEqualTo(SpecReader.read("x", HEAD + "columns: { c: { from: f, type: text } }")
                        .columns()
                        .get(0)
                        .type());
    }

    @Test
    void isAnotherVersionWithOtherValues() {
        String text = HEAD.replace("queue: q", "queue: \"${QUEUE:-q}\"") + "columns: { c: { from: f, type: text } }";

        assertThat(SpecReader.read("x", text, Map.of("QUEUE", "a")).version())
                .isEqualTo(SpecReader.read("y", text, Map.of("QUEUE", "a", "OTHER", "b"))
                        .version())
                .isNotEqualTo(SpecReader.read("x", text, Map.of("QUEUE", "b")).version());
    }

    @Test
    void reportsWhatIsWrongBesidesInvalidYaml() {
        assertThatThrownBy(
                        () -> SpecReader.read(
                                "x",
                                """
                        pipeline: Wrong
                        source: { queue: q
                        sink: { table: t }
                        columns:
                          a: { from: f, type: nonsense }
                          b: { from: g, type: numeric(10,2) }
                        """))
                .hasMessageContaining("x: 4 problems")
                .hasMessageContaining("1:11 pipeline: a name")
                .hasMessageContaining("2:9 not valid YAML: the bracket that opens here is not closed")
                .hasMessageContaining("5:23 columns.a.type")
                .hasMessageContaining("6:23 columns.b.type: between braces a comma ends the value");
    }
}
