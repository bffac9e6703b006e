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
    REPLACEMENT(SpecSection.MASK, "replacement", "[redacted]", text("text"), "The constant that kind: redact stores");

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
