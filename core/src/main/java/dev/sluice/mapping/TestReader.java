package dev.sluice.mapping;

import dev.sluice.encoding.Labelled;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.PipelineSpec.Compression;
import dev.sluice.mapping.PipelineSpec.Unwrap;
import dev.sluice.mapping.TestCase.Expectation;
import dev.sluice.mapping.TestCase.RowExpectation;
import dev.sluice.mapping.TestCase.ValueExpectation;
import dev.sluice.yaml.YamlMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Reads the tests of a pipeline file and checks what they expect against its columns. */
final class TestReader {

    private final PipelineSpec spec;
    private final Set<String> names = new HashSet<>();

    /** The tests that a {@code same-as} may name: those that expect one row. */
    private final Set<String> ofOneRow = new HashSet<>();

    private TestReader(PipelineSpec spec) {
        this.spec = spec;
    }

    /** @param root of the file; what is wrong is added to its problems */
    static List<TestCase> read(YamlMap root, PipelineSpec spec) {
        TestReader reader = new TestReader(spec);
        List<YamlMap> tests = root.list(SpecKey.TESTS.key());
        for (YamlMap test : tests) {
            String name = test.has("name") && test.isPlain("name") ? test.text("name") : null;
            if (name != null && test.map("expect").has("row")) {
                reader.ofOneRow.add(name);
            }
        }
        return tests.stream().map(reader::test).toList();
    }

    private TestCase test(YamlMap test) {
        test.allowOnly(SpecSection.TEST.names());
        String name = test.requiredText("name", SpecKey.TEST_NAME.value().expected());
        if (name != null && !names.add(name)) {
            test.problem("name", "another test has the same name");
        }
        String known = name == null ? "" : name;
        return new TestCase(known, sent(test), attributes(test), body(test), expectation(test, known));
    }

    private static Instant sent(YamlMap test) {
        String text = test.text("sent");
        String sent = text == null ? Objects.requireNonNull(SpecKey.SENT.fallback()) : text;
        if (Times.timestamp(sent) instanceof Instant time) {
            return time;
        }
        test.problem("sent", "a time as " + SpecKey.SENT.value().expected() + " was expected");
        return Instant.EPOCH;
    }

    private static Attributes attributes(YamlMap test) {
        YamlMap given = test.map("attributes");
        Map<String, Attribute> byName = new LinkedHashMap<>();
        for (String name : given.keys()) {
            String value = given.text(name);
            String problem = name.equals(Attribute.MESSAGE_GROUP) ? null : Attribute.nameProblem(name);
            if (problem != null || value == null || value.isEmpty()) {
                given.problem(name, problem == null ? "a value was expected: SQS takes no empty one" : problem);
            } else {
                byName.put(
                        name,
                        new Attribute(given.isNumber(name) ? Attribute.Type.NUMBER : Attribute.Type.STRING, value));
            }
        }
        if (byName.size() > Attributes.MAX_PER_MESSAGE) {
            test.problem("attributes", "a message has at most " + Attributes.MAX_PER_MESSAGE + " attributes");
        }
        return Attributes.of(byName);
    }

    /** Nobody writes gzip by hand, so JSON is compressed if that is what the pipeline reads. */
    private String body(YamlMap test) {
        if (!test.has("input") || test.isPlain("input")) {
            String text = test.requiredText("input", SpecKey.INPUT.value().expected());
            return text == null ? "" : text;
        }
        String json = test.json("input");
        boolean pack =
                spec.source().compression() == Compression.GZIP && spec.source().unwrap() == Unwrap.NONE;
        return json == null ? "" : pack ? gzip(json) : json;
    }

    private static String gzip(String json) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return Base64.getEncoder().encodeToString(packed.toByteArray());
    }

    private Expectation expectation(YamlMap test, String name) {
        YamlMap expect = test.map("expect");
        expect.allowOnly(SpecSection.EXPECT.names());
        long kinds =
                List.of("row", "rows", "rejected").stream().filter(expect::has).count();
        if (kinds != 1) {
            test.problem("expect", "one of row, rows and rejected was expected");
        }
        if (expect.has("column") && !expect.has("rejected")) {
            expect.problem("column", "applies to rejected only");
        }
        if (expect.has("rejected")) {
            return rejected(expect);
        }
        List<YamlMap> rows = expect.has("rows") ? expect.list("rows") : List.of(expect.map("row"));
        return new Expectation.Rows(rows.stream().map(row -> row(row, name)).toList());
    }

    private Expectation rejected(YamlMap expect) {
        String label = expect.text("rejected");
        Reason reason =
                Labelled.find(Reason.values(), label == null ? "" : label).orElse(null);
        if (reason == null) {
            expect.problem("rejected", "one of the rejection reasons in docs/pipelines.md was expected");
        } else if (!reason.byMapper()) {
            expect.problem("rejected", "only the database rejects for this reason");
        }
        String column = expect.text("column");
        if (column != null && !canReject(column)) {
            expect.problem("column", "no such column in this pipeline");
        }
        return new Expectation.Rejected(reason == null ? Reason.MISSING : reason, column);
    }

    /** A column, or the field of the idempotency key, which a rejection names in the same way. */
    private boolean canReject(String column) {
        boolean key = spec.source().idempotencyKey() instanceof IdempotencyKey.Field field
                && field.name().equals(column);
        return key || index(column) >= 0;
    }

    private int index(String column) {
        List<String> columns = spec.columns().stream().map(Column::name).toList();
        return columns.indexOf(column);
    }

    private RowExpectation row(YamlMap row, String test) {
        SortedMap<Integer, ValueExpectation> columns = new TreeMap<>();
        for (String name : row.keys()) {
            int index = index(name);
            if (index < 0) {
                row.problem(name, "no such column in this pipeline");
            } else {
                columns.put(index, value(row, spec.columns().get(index), test));
            }
        }
        return new RowExpectation(columns);
    }

    private ValueExpectation value(YamlMap row, Column column, String test) {
        if (row.isNull(column.name())) {
            return new ValueExpectation.Null();
        }
        if (column.mask() != null) {
            return masked(row, column.name(), test);
        }
        Object value = clear(row, column);
        return value == null ? new ValueExpectation.Null() : new ValueExpectation.Clear(value);
    }

    private ValueExpectation masked(YamlMap row, String column, String test) {
        if (!row.isMapping(column)) {
            row.problem(column, "the column is masked; expect { same-as: <test> }, { not-clear: true } or null");
            return new ValueExpectation.Masked(null, true);
        }
        YamlMap masked = row.map(column);
        masked.allowOnly(SpecSection.MASKED_VALUE.names());
        String sameAs = masked.text("same-as");
        boolean notClear = masked.flag("not-clear", false);
        if (sameAs == null && !notClear) {
            row.problem(column, "same-as or not-clear: true was expected");
        } else if (sameAs != null && (sameAs.equals(test) || !ofOneRow.contains(sameAs))) {
            masked.problem("same-as", "another test that expects a row was expected");
        }
        return new ValueExpectation.Masked(sameAs, notClear);
    }

    /** Null after a problem. */
    private static @Nullable Object clear(YamlMap row, Column column) {
        String name = column.name();
        if (row.isMapping(name) && isMasked(row.map(name))) {
            row.problem(name, "same-as and not-clear apply to columns with a mask only");
            return null;
        }
        boolean jsonb = column.type() == ColumnType.Simple.JSONB;
        String text = jsonb ? row.json(name) : row.text(name);
        if (text == null) {
            return null;
        }
        Object value = jsonb ? JsonTree.checked(text) : Defaults.constant(column.type(), text);
        if (value == null || value instanceof Reason) {
            row.problem(name, "a value of the type " + column.type().sql() + " was expected");
            return null;
        }
        return value;
    }

    private static boolean isMasked(YamlMap value) {
        List<String> keys = new ArrayList<>(value.keys());
        return !keys.isEmpty() && SpecSection.MASKED_VALUE.names().containsAll(keys);
    }
}
