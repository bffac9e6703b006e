package dev.sluice.mapping;

import dev.sluice.encoding.Digests;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.PipelineSpec.Compression;
import dev.sluice.mapping.PipelineSpec.Rejects;
import dev.sluice.mapping.PipelineSpec.RowsTakenByTrigger;
import dev.sluice.mapping.PipelineSpec.Sink;
import dev.sluice.mapping.PipelineSpec.Source;
import dev.sluice.mapping.PipelineSpec.Unwrap;
import dev.sluice.yaml.Problems;
import dev.sluice.yaml.Variables;
import dev.sluice.yaml.YamlMap;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a pipeline file. Finds all problems at once, each with line and column. */
final class SpecReader {

    /** Lower case, so that SQL needs no quotes; at most 63 bytes (PostgreSQL, NAMEDATALEN - 1). */
    static final Pattern SQL_NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    static final Pattern PIPELINE_NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    static final Pattern WINDOW = Pattern.compile("([1-9][0-9]{0,2})d");

    private static final int VERSION_HEX_DIGITS = 12;

    private static final Pattern LINE_STARTS = Pattern.compile("(?<=\n)");

    static final String MESSAGE_GROUP = "message-group";

    private static final String FIELD_KEY = "field:";

    private static final String ATTRIBUTE_KEY = "attribute:";

    /** The longest retention of SQS (AWS, SQS message quotas): within it, an outage may make a producer send again. */
    private static final Duration DEFAULT_WINDOW = Duration.ofDays(14);

    private final YamlMap root;

    private SpecReader(YamlMap root) {
        this.root = root;
    }

    /**
     * @param fileName for messages
     * @throws dev.sluice.yaml.InvalidDocumentException listing all problems
     */
    static PipelineSpec read(String fileName, String text) {
        return read(fileName, text, Map.of());
    }

    /**
     * @param fileName for messages
     * @param environment the variables that the file's values may name
     * @throws dev.sluice.yaml.InvalidDocumentException listing all problems
     */
    static PipelineSpec read(String fileName, String text, Map<String, String> environment) {
        return readTested(fileName, text, environment).spec();
    }

    /** The same, with the file's tests. */
    static TestedPipeline readTested(String fileName, String text, Map<String, String> environment) {
        Problems problems = new Problems(fileName);
        Variables variables = Variables.of(environment);
        YamlMap root = YamlMap.parse(text, problems, variables);
        // The version is asked for before the tests are read, so that their variables are not in it.
        PipelineSpec spec = new SpecReader(root)
                .spec(() -> version(withoutTests(text, root.lineIfLast(SpecKey.TESTS.key())), variables));
        List<TestCase> tests = TestReader.read(root, spec);
        problems.throwIfAny();
        return new TestedPipeline(spec, tests);
    }

    /**
     * The text before the tests and the comment on them, so that editing tests does not change the version. Only if they
     * come last: an anchor in them may be used by what follows.
     *
     * @param testsLine the line on which they begin, from 1; 0 leaves the text whole
     */
    private static String withoutTests(String text, int testsLine) {
        if (testsLine == 0) {
            return text;
        }
        List<String> lines = List.of(LINE_STARTS.split(text));
        int end = testsLine - 1;
        while (end > 0 && (lines.get(end - 1).isBlank() || lines.get(end - 1).startsWith("#"))) {
            end--;
        }
        return String.join("", lines.subList(0, end));
    }

    /**
     * Of the text and what was put into it: the same file with other values may mask differently, and quarantined records
     * are bound to the version that rejected them.
     */
    private static String version(String text, Variables variables) {
        StringBuilder whole = new StringBuilder(text);
        variables
                .used()
                .forEach((name, value) ->
                        whole.append('\0').append(name).append('=').append(value));
        byte[] digest = Digests.sha256(whole.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest).substring(0, VERSION_HEX_DIGITS);
    }

    /** @param version asked for when all values were read */
    private PipelineSpec spec(Supplier<String> version) {
        root.allowOnly(SpecSection.ROOT.names());
        String name = name();
        Source source = source();
        Sink sink = sink();
        TenantSource tenants = tenants();
        List<Column> columns = columns();
        PipelineSpec spec = new PipelineSpec(name, version.get(), source, sink, columns, tenants);
        if (tenants != null
                && columns.stream()
                        .noneMatch(column ->
                                column.mask() != null && column.mask().kind().keyed())) {
            root.map("keys").problem("by", "no column is masked with a key, so tenants make no difference");
        }
        if (spec.source().idempotencyKey() instanceof IdempotencyKey.Field field) {
            spec.columns().forEach(column -> requireApart(root, "source", "idempotency-key", field.path(), column));
        }
        return spec;
    }

    private String name() {
        String name = root.requiredText("pipeline", "the pipeline's name");
        if (name != null && !PIPELINE_NAME.matcher(name).matches()) {
            root.problem("pipeline", "a name of lower-case letters, digits and hyphens was expected, at most 63");
        }
        return name == null ? "" : name;
    }

    private Source source() {
        YamlMap source = root.map("source");
        source.allowOnly(SpecSection.SOURCE.names());
        String queue = source.requiredText("queue", "a queue's name or URL");
        Unwrap unwrap = source.choice("unwrap", Unwrap.values(), Unwrap.NONE);
        Compression compression = source.choice("compression", Compression.values(), Compression.NONE);
        if (compression == Compression.GZIP && (unwrap == Unwrap.EVENTBRIDGE || unwrap == Unwrap.CLOUDEVENTS)) {
            source.problem("compression", "does not apply to unwrap: " + unwrap.label() + ", whose events are JSON");
        }
        return new Source(queue == null ? "" : queue, unwrap, compression, idempotencyKey(source));
    }

    private static IdempotencyKey idempotencyKey(YamlMap source) {
        String text = source.text("idempotency-key");
        if (text == null || text.equals("message-id")) {
            if (source.has("idempotency-window")) {
                source.problem("idempotency-window", "applies to idempotency-key: field:<name> or content only");
            }
            return new IdempotencyKey.MessageId();
        }
        Duration window = window(source);
        if (text.startsWith(FIELD_KEY) && text.length() > FIELD_KEY.length()) {
            String name = text.substring(FIELD_KEY.length());
            return new IdempotencyKey.Field(name, ColumnReader.path(source, "idempotency-key", name), window);
        }
        if (!text.equals("content")) {
            source.problem(
                    "idempotency-key", "message-id, field:<name>, field:</json/pointer> or content was expected");
        }
        return new IdempotencyKey.Content(window);
    }

    private static Duration window(YamlMap source) {
        String text = source.text("idempotency-window");
        if (text == null) {
            return DEFAULT_WINDOW;
        }
        Matcher matcher = WINDOW.matcher(text);
        if (!matcher.matches()) {
            source.problem("idempotency-window", "days were expected, as 14d, from 1d to 999d");
            return DEFAULT_WINDOW;
        }
        return Duration.ofDays(Long.parseLong(matcher.group(1)));
    }

    private Sink sink() {
        YamlMap sink = root.map("sink");
        sink.allowOnly(SpecSection.SINK.names());
        Rejects reject = sink.choice("reject", Rejects.values(), Rejects.QUARANTINE);
        RowsTakenByTrigger taken =
                sink.choice("rows-taken-by-trigger", RowsTakenByTrigger.values(), RowsTakenByTrigger.REFUSE);
        String table = sink.requiredText("table", "a table's name");
        if (table == null) {
            return new Sink(null, "", reject, taken);
        }
        String[] parts = table.split("\\.", -1);
        if (parts.length > 2 || !List.of(parts).stream().allMatch(SQL_NAME.asMatchPredicate())) {
            sink.problem(
                    "table",
                    "table or schema.table was expected, lower-case letters, digits and underscores, at most 63 each");
        }
        return parts.length == 2 ? new Sink(parts[0], parts[1], reject, taken) : new Sink(null, table, reject, taken);
    }

    private @Nullable TenantSource tenants() {
        if (!root.has("keys")) {
            return null;
        }
        YamlMap keys = root.map("keys");
        keys.allowOnly(SpecSection.KEYS.names());
        String by = keys.requiredText("by", SpecKey.KEYS_BY.value().expected());
        if (by == null || by.equals(MESSAGE_GROUP)) {
            return new TenantSource.Attribute(Attribute.MESSAGE_GROUP);
        }
        if (by.startsWith(ATTRIBUTE_KEY)) {
            String name = by.substring(ATTRIBUTE_KEY.length());
            String problem = Attribute.nameProblem(name);
            if (problem != null) {
                keys.problem("by", problem);
            }
            return new TenantSource.Attribute(name);
        }
        if (!by.startsWith("/") || by.length() == 1) {
            keys.problem("by", "expected " + SpecKey.KEYS_BY.value().expected());
        }
        return new TenantSource.Field(ColumnReader.path(keys, "by", by));
    }

    private List<Column> columns() {
        YamlMap columns = root.map("columns");
        if (columns.keys().isEmpty() && !root.isIncomplete()) {
            root.problem("columns", "at least one column was expected");
        }
        List<Column> read = new ArrayList<>();
        for (String name : columns.keys()) {
            Column column = ColumnReader.read(columns, name);
            requireFewAttributes(columns.map(name), read, column);
            read.forEach(earlier -> requireApart(columns, name, "from", column.from(), earlier));
            read.add(column);
        }
        return read;
    }

    private static void requireFewAttributes(YamlMap map, List<Column> earlier, Column column) {
        long others = earlier.stream()
                .map(Column::fromAttribute)
                .filter(attribute -> attribute != null && !attribute.equals(column.fromAttribute()))
                .distinct()
                .count();
        if (column.fromAttribute() != null && others >= Attributes.MAX_PER_MESSAGE) {
            map.problem("from-attribute", "a message has at most " + Attributes.MAX_PER_MESSAGE + " attributes");
        }
    }

    /** A field cannot be both a value and the object that another column reads from. */
    private static void requireApart(
            YamlMap parent, String map, String key, @Nullable List<String> path, Column column) {
        if (isInside(path, column.from()) || isInside(column.from(), path)) {
            parent.map(map).problem(key, "lies inside the field of column " + column.name() + ", or holds it");
        }
    }

    private static boolean isInside(@Nullable List<String> inner, @Nullable List<String> outer) {
        return inner != null
                && outer != null
                && inner.size() > outer.size()
                && inner.subList(0, outer.size()).equals(outer);
    }
}
