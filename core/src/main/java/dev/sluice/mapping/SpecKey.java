package dev.sluice.mapping;

import static dev.sluice.mapping.SpecValue.choice;
import static dev.sluice.mapping.SpecValue.choices;
import static dev.sluice.mapping.SpecValue.text;

import dev.sluice.detect.PersonalData;
import dev.sluice.mapping.ColumnType.Numeric;
import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mapping.ColumnType.Varchar;
import dev.sluice.mapping.PipelineSpec.Compression;
import dev.sluice.mapping.PipelineSpec.Rejects;
import dev.sluice.mapping.PipelineSpec.RowsTakenByTrigger;
import dev.sluice.mapping.PipelineSpec.Unwrap;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.EmailFold;
import dev.sluice.mask.Keep;
import dev.sluice.mask.MaskKind;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every key of a pipeline file, declared once: section, name, whether it is required, default, value, and what it means.
 * The reader refuses every other key, the table in docs/pipelines.md is tested against this, and the JSON Schema for
 * editors is generated from it. What no shape can say (keys that exclude each other, widths) is checked by the reader.
 */
@SuppressWarnings("ImmutableEnumChecker") // SpecValue is immutable; its patterns and lists hold no state
public enum SpecKey {
    PIPELINE(
            SpecSection.ROOT,
            "pipeline",
            SpecKey.REQUIRED,
            text("lower-case letters, digits, hyphens; at most 63", SpecReader.PIPELINE_NAME),
            "Name, part of every token: renaming the pipeline changes its tokens"),
    SOURCE(
            SpecSection.ROOT,
            "source",
            SpecKey.REQUIRED,
            new SpecValue.Mapping(SpecSection.SOURCE),
            "Where messages come from"),
    QUEUE(
            SpecSection.SOURCE,
            "queue",
            SpecKey.REQUIRED,
            text("queue name or URL"),
            "SQS queue; SLUICE_QUEUE overrides it"),
    UNWRAP(
            SpecSection.SOURCE,
            "unwrap",
            "none",
            choice(Unwrap.values()),
            "The envelope around the event: an SNS notification, an EventBridge event, or a CloudEvent in JSON"),
    COMPRESSION(
            SpecSection.SOURCE,
            "compression",
            "none",
            choice(Compression.values()),
            "gzip: the event is base64 of gzip, inside the envelope if there is one"),
    IDEMPOTENCY_KEY(
            SpecSection.SOURCE,
            "idempotency-key",
            "message-id",
            text(
                    "message-id, field:<name>, field:</json/pointer>, content",
                    Pattern.compile("message-id|content|field:.+")),
            "What identifies duplicates of a record"),
    IDEMPOTENCY_WINDOW(
            SpecSection.SOURCE,
            "idempotency-window",
            "14d",
            text("1d to 999d", SpecReader.WINDOW),
            "Minimum time to remember field: and content keys"),
    SINK(SpecSection.ROOT, "sink", SpecKey.REQUIRED, new SpecValue.Mapping(SpecSection.SINK), "Where rows go"),
    TABLE(
            SpecSection.SINK,
            "table",
            SpecKey.REQUIRED,
            text(
                    "table or schema.table; lower-case letters, digits, underscores",
                    Pattern.compile("(" + SpecReader.SQL_NAME + "\\.)?" + SpecReader.SQL_NAME)),
            "PostgreSQL table; its schema must exist"),
    REJECT(
            SpecSection.SINK,
            "reject",
            "quarantine",
            choice(Rejects.values()),
            "What happens to a message with a rejected record"),
    ROWS_TAKEN_BY_TRIGGER(
            SpecSection.SINK,
            "rows-taken-by-trigger",
            "refuse",
            choice(RowsTakenByTrigger.values()),
            "Whether a row that a trigger drops is rejected, or counts as stored"),
    KEYS(
            SpecSection.ROOT,
            "keys",
            null,
            new SpecValue.Mapping(SpecSection.KEYS),
            "Keys of their own for each tenant; without it all events are masked with the same keys"),
    KEYS_BY(
            SpecSection.KEYS,
            "by",
            SpecKey.REQUIRED,
            text(
                    "/json/pointer, attribute:<name>, message-group",
                    Pattern.compile("/.+|attribute:.+|" + SpecReader.MESSAGE_GROUP)),
            "Where an event names its tenant: a field, a message attribute, or the message group id of the queue"),
    COLUMNS(
            SpecSection.ROOT,
            "columns",
            SpecKey.REQUIRED,
            new SpecValue.Named(SpecReader.SQL_NAME, SpecSection.COLUMN),
            "The table's columns, in its order; at least one"),
    FROM(
            SpecSection.COLUMN,
            "from",
            null,
            text("field name, or JSON pointer (RFC 6901)"),
            "Field to read, as id or /customer/email; ~1 is /, ~0 is ~. Required without from-attribute or default"),
    FROM_ATTRIBUTE(
            SpecSection.COLUMN,
            "from-attribute",
            null,
            text("name of a message attribute", Attribute.NAME),
            "SQS message attribute to read instead of a field"),
    TYPE(
            SpecSection.COLUMN,
            "type",
            SpecKey.REQUIRED,
            text("varchar(n), text, integer, bigint, boolean, date, timestamptz, uuid, numeric(p,s), jsonb", types()),
            "The column's type; quote numeric(p,s) inside braces"),
    IS_REQUIRED(
            SpecSection.COLUMN,
            "required",
            "false",
            new SpecValue.Flag(),
            "true rejects records without a value or with blank text; false leaves the column NULL"),
    DEFAULT(
            SpecSection.COLUMN,
            "default",
            null,
            text("constant, sent-date, sent-time"),
            "For an absent or null field; sent-date for date, sent-time for timestamptz. Not for masked or jsonb"
                    + " columns"),
    CONVERT(SpecSection.COLUMN, "convert", null, choice(Convert.values()), "Conversion of the value, before the mask"),
    MASK(
            SpecSection.COLUMN,
            "mask",
            null,
            new SpecValue.Mapping(SpecSection.MASK),
            "How the value is masked; for varchar(n) or text"),
    CONTAINS(
            SpecSection.COLUMN,
            "contains",
            null,
            choice(PersonalData.values()),
            "Personal data that is meant to be stored unmasked: checks do not warn of it"),
    KIND(
            SpecSection.MASK,
            "kind",
            SpecKey.REQUIRED,
            choice(MaskKind.values()),
            "How the value is masked; generalize, partial and sha256 are weak"),
    AS(
            SpecSection.MASK,
            "as",
            "text",
            choice(CanonicalForm.values()),
            "The value's canonical form, so that one value has one token in any spelling"),
    FOLD(
            SpecSection.MASK,
            "fold",
            null,
            choices(EmailFold.values()),
            "With as: email: spellings of the mailbox that count as one; none without it"),
    REGION(
            SpecSection.MASK,
            "region",
            null,
            text("two letters of ISO 3166-1, such as DE", Pattern.compile("[A-Z]{2}")),
            "With as: phone: the country of numbers without a country code, which are rejected without it"),
    KEEP(
            SpecSection.MASK,
            "keep",
            null,
            choice(Keep.values()),
            "The part that kind: partial leaves readable; required by it"),
    ACCEPT_REVERSIBLE(
            SpecSection.MASK,
            "accept-reversible",
            "false",
            new SpecValue.Flag(),
            "true is required by kind: sha256, which anyone can reverse"),
    REPLACEMENT(SpecSection.MASK, "replacement", "[redacted]", text("text"), "The constant that kind: redact stores"),
    TESTS(
            SpecSection.ROOT,
            "tests",
            null,
            new SpecValue.Items(new SpecValue.Mapping(SpecSection.TEST)),
            "Messages and what becomes of them, for sluice pipeline test; other commands ignore them"),
    TEST_NAME(SpecSection.TEST, "name", SpecKey.REQUIRED, text("text"), "The test's name, unique in the file"),
    SENT(
            SpecSection.TEST,
            "sent",
            "2000-01-01T00:00:00Z",
            text("yyyy-mm-ddThh:mm:ssZ"),
            "When SQS accepted the message, for sent-date and sent-time"),
    ATTRIBUTES(
            SpecSection.TEST,
            "attributes",
            null,
            new SpecValue.Values(Attribute.NAME, null),
            "Message attributes by name; a number without quotes is a Number, anything else a String. AWS.MessageGroupId is"
                    + " the message group ID"),
    INPUT(
            SpecSection.TEST,
            "input",
            SpecKey.REQUIRED,
            new SpecValue.Anything("mapping, list or text"),
            "The body: a mapping or a list is sent as JSON, a text as it is"),
    EXPECT(
            SpecSection.TEST,
            "expect",
            SpecKey.REQUIRED,
            new SpecValue.Mapping(SpecSection.EXPECT),
            "What becomes of it: one of row, rows and rejected"),
    ROW(
            SpecSection.EXPECT,
            "row",
            null,
            new SpecValue.Values(SpecReader.SQL_NAME, SpecSection.MASKED_VALUE),
            "One row: values of some columns, as the table holds them; null for NULL"),
    ROWS(
            SpecSection.EXPECT,
            "rows",
            null,
            new SpecValue.Items(new SpecValue.Values(SpecReader.SQL_NAME, SpecSection.MASKED_VALUE)),
            "The same for each record of a body that is an array"),
    REJECTED(
            SpecSection.EXPECT,
            "rejected",
            null,
            text("rejection reason", SpecKey.mapperReasons()),
            "The reason for which the message's only record is rejected"),
    REJECTED_COLUMN(
            SpecSection.EXPECT, "column", null, text("column name"), "With rejected: the column that cannot be filled"),
    SAME_AS(
            SpecSection.MASKED_VALUE,
            "same-as",
            null,
            text("name of another test"),
            "The column has the same masked value as in the row of that test"),
    NOT_CLEAR(
            SpecSection.MASKED_VALUE,
            "not-clear",
            "false",
            new SpecValue.Flag(),
            "true expects a value that is masked, and not stored in clear by another column");

    /** Stands where a default would: there is none, the key must be set. */
    private static final String REQUIRED = "required";

    private final SpecSection section;
    private final String key;
    private final @Nullable String fallback;
    private final SpecValue value;
    private final String description;

    SpecKey(SpecSection section, String key, @Nullable String fallback, SpecValue value, String description) {
        this.section = section;
        this.key = key;
        this.fallback = fallback;
        this.value = value;
        this.description = description;
    }

    private static Pattern types() {
        return Pattern.compile(Stream.concat(
                        Stream.of(Varchar.NAME.pattern(), Numeric.NAME.pattern()),
                        Arrays.stream(Simple.values()).map(Simple::sql))
                .collect(Collectors.joining("|")));
    }

    private static Pattern mapperReasons() {
        return Pattern.compile(Arrays.stream(Reason.values())
                .filter(Reason::byMapper)
                .map(Reason::label)
                .collect(Collectors.joining("|")));
    }

    /** The mapping that the key belongs to. */
    public SpecSection section() {
        return section;
    }

    /** The key as written in its section. */
    public String key() {
        return key;
    }

    /** The key with its sections, dots between: {@code columns.<name>.mask.kind}. */
    public String path() {
        return section.prefix() + key;
    }

    /** Whether its section is incomplete without it. */
    public boolean required() {
        return REQUIRED.equals(fallback);
    }

    /** What applies without the key; null if nothing does, or the key is required. */
    public @Nullable String fallback() {
        return required() ? null : fallback;
    }

    /** The shape of its value. */
    public SpecValue value() {
        return value;
    }

    /** What it means, in one line without a full stop at its end. */
    public String description() {
        return description;
    }
}
