package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.sluice.app.Assembly;
import dev.sluice.config.Setting;
import dev.sluice.config.SettingsReader;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Attribute;
import dev.sluice.mapping.Attributes;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.MaskSpec;
import dev.sluice.mask.Masks;
import dev.sluice.mask.ReversibleMask;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the types of core and worker show of themselves. A record prints its components unless it says otherwise, so each
 * that can carry a text or bytes either says otherwise, or is listed here with the reason why anybody may read it.
 */
class ShownTextsTest {

    private static final String CANARY = "canary-4711";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** What may be a value, a key or a password. */
    private static final Set<Class<?>> SPEAKING = Set.of(
            String.class,
            CharSequence.class,
            Object.class,
            byte[].class,
            char[].class,
            ByteBuffer.class,
            CharBuffer.class);

    private static final String PIPELINE = "what a pipeline file says, nothing of a message";
    private static final String QUEUE = "names, addresses and error codes of a queue, for its operator";
    private static final String TABLE = "names and types of a table, for its operator";
    private static final String KMS = "names of keys, for their operator; what is sealed prints as a reference";
    private static final String AUDIT = "what the audit holds: tokens and names, never a clear value";
    private static final String PLACES = "columns, reasons of ours, and where in the table a row lies";

    private static final String ARCHIVE = "names and sizes of files, for their operator; counts";

    private static final String FIGURES = "figures of a worker, and sentences of ours";

    private static final String COLLECTOR = "what an operator calls a worker; headers are not shown";

    /** The records that print all they hold, and why they may. */
    private static final Map<String, String> OPEN = Map.ofEntries(
            Map.entry("dev.sluice.bulk.Backfill$UnreadableUnit", ARCHIVE),
            Map.entry("dev.sluice.bulk.BulkDataset", ARCHIVE),
            Map.entry("dev.sluice.bulk.SourceFile", ARCHIVE),
            Map.entry("dev.sluice.s3.S3Location", ARCHIVE),
            Map.entry("dev.sluice.config.TelemetrySettings", COLLECTOR),
            Map.entry("dev.sluice.tracing.Places", "names of a queue and a table, for their operator"),
            Map.entry("dev.sluice.sqs.ReceivedAttributes", PIPELINE),
            Map.entry("dev.sluice.metrics.OtlpExport$Config", COLLECTOR),
            Map.entry("dev.sluice.yaml.Problems$Problem", PIPELINE),
            Map.entry("dev.sluice.mapping.CompiledColumn", PIPELINE),
            Map.entry("dev.sluice.draft.Draft", "names of fields and counts; names that look like values are left out"),
            Map.entry("dev.sluice.draft.DraftColumn", "as Draft"),
            Map.entry("dev.sluice.draft.Omission", "as Draft"),
            Map.entry("dev.sluice.detect.Sighting", "a column's name and counts"),
            Map.entry("dev.sluice.mapping.SpecValue$Text", "what the code declares of a pipeline file"),
            Map.entry("dev.sluice.mapping.SpecValue$Choice", "what the code declares of a pipeline file"),
            Map.entry("dev.sluice.mapping.SpecValue$Choices", "what the code declares of a pipeline file"),
            Map.entry("dev.sluice.mapping.SpecValue$Anything", "what the code declares of a pipeline file"),
            Map.entry("dev.sluice.mapping.TestCase$Expectation$Rejected", "a reason and a column's name"),
            Map.entry("dev.sluice.mapping.TestCase$ValueExpectation$Masked", "a test's name"),
            Map.entry("dev.sluice.mapping.Weakening", PIPELINE),
            Map.entry("dev.sluice.mapping.IdempotencyKey$Field", PIPELINE),
            Map.entry("dev.sluice.mapping.TenantSource$Attribute", PIPELINE),
            Map.entry("dev.sluice.mapping.TenantSource$Field", PIPELINE),
            Map.entry("dev.sluice.mapping.Original$Binding", "a message's id, and " + PIPELINE),
            Map.entry("dev.sluice.mapping.PipelineSpec", PIPELINE),
            Map.entry("dev.sluice.mapping.PipelineSpec$Source", PIPELINE),
            Map.entry("dev.sluice.mapping.PipelineSpec$Sink", PIPELINE),
            Map.entry("dev.sluice.mapping.PipelineSpec$Column", PIPELINE),
            Map.entry("dev.sluice.mapping.PipelineSpec$Default$Constant", PIPELINE),
            Map.entry("dev.sluice.mapping.Rejection", "a column's name; the original shows its length"),
            Map.entry("dev.sluice.mask.MaskSpec", PIPELINE),
            Map.entry("dev.sluice.keys.KeyInfo", "all of a key but the key"),
            Map.entry("dev.sluice.cli.command.Listing$Column", TABLE),
            Map.entry("dev.sluice.cli.command.ProgressLine", "a unit and counts"),
            Map.entry("dev.sluice.cli.status.Answer$Unanswered", FIGURES),
            Map.entry("dev.sluice.cli.status.StatusLine", FIGURES),
            Map.entry("dev.sluice.cli.status.WatchedWorker$Seen", FIGURES),
            Map.entry("dev.sluice.failure.Finding", "a check's own words"),
            Map.entry("dev.sluice.cli.keys.ListedKey", "all of a key but the key"),
            Map.entry("dev.sluice.postgres.schema.TableDifference", TABLE),
            Map.entry("dev.sluice.sqs.BatchEntries$BatchResult", QUEUE),
            Map.entry("dev.sluice.sqs.BatchEntries$EntryError", QUEUE),
            Map.entry("dev.sluice.aws.JsonCalls$Protocol", "what the code says of a service"),
            Map.entry("dev.sluice.sqs.BatchEntries$FailedEntry", "an entry of ours, each of which is looked at here"),
            Map.entry("dev.sluice.aws.AwsEndpoint", QUEUE),
            Map.entry("dev.sluice.aws.HttpConnection$Origin", QUEUE),
            Map.entry("dev.sluice.aws.AwsFailures", QUEUE),
            Map.entry("dev.sluice.aws.SecretText", "the name of a call"),
            Map.entry("dev.sluice.config.SecretArn", "the name of a secret"),
            Map.entry("dev.sluice.sqs.QueueAddress", QUEUE),
            Map.entry("dev.sluice.sqs.QueueAttributes", QUEUE),
            Map.entry("dev.sluice.sqs.QueueAttributes$DeadLetters", QUEUE),
            Map.entry("dev.sluice.sqs.QueueClient$RejectedBody", QUEUE),
            Map.entry("dev.sluice.sqs.QueueOverview", QUEUE),
            Map.entry("dev.sluice.config.QueueSettings", QUEUE),
            Map.entry("dev.sluice.health.Check", "a check's own words, and messages of ours for operators"),
            Map.entry("dev.sluice.health.DatabaseCheck$Result", "as Check"),
            Map.entry("dev.sluice.config.PortSettings", "an address of this machine"),
            Map.entry("dev.sluice.config.ValueType", "what the code declares of a setting"),
            Map.entry("dev.sluice.lineage.Dataset", "names of a queue and of a table"),
            Map.entry("dev.sluice.lineage.RunEvent", PIPELINE),
            Map.entry("dev.sluice.postgres.QuarantineEntry", "what the quarantine says in clear"),
            Map.entry("dev.sluice.postgres.QuarantineFilter", "names, a reason's label and times"),
            Map.entry("dev.sluice.postgres.QuarantineReason", "what the quarantine says in clear"),
            Map.entry("dev.sluice.console.ConsoleRoute", "a method and a path of ours"),
            Map.entry("dev.sluice.console.NeedsView$Need", "a sentence of ours, with names and counts"),
            Map.entry("dev.sluice.cli.run.RunFindings$Part", "two words of ours, and the name of a setting"),
            Map.entry("dev.sluice.postgres.QuarantineCount", "what the quarantine says in clear"),
            Map.entry("dev.sluice.postgres.Sealing", PIPELINE),
            Map.entry("dev.sluice.postgres.db.SqlError", TABLE),
            Map.entry("dev.sluice.postgres.schema.TableColumn", TABLE),
            Map.entry("dev.sluice.postgres.TableReader$Header", TABLE),
            Map.entry("dev.sluice.pipeline.Outage", QUEUE + "; or of a database: a failure's own words"),
            Map.entry("dev.sluice.metrics.About", QUEUE),
            Map.entry("dev.sluice.metrics.Status", QUEUE + "; counts by reasons of ours"),
            Map.entry("dev.sluice.metrics.Figures$Scrape", "metrics, whose labels are closed sets"),
            Map.entry("dev.sluice.metrics.Reading$Read", "a count"),
            Map.entry("dev.sluice.app.FileStamp", "what tells one state of a file from another"),
            Map.entry("dev.sluice.keys.EncryptedKeysets", KMS),
            Map.entry("dev.sluice.keys.Keysets$Origin", KMS),
            Map.entry("dev.sluice.recovery.audit.UnchangedValues", PLACES),
            Map.entry("dev.sluice.recovery.audit.AuditHead", AUDIT),
            Map.entry("dev.sluice.recovery.audit.AuditEntry", AUDIT),
            Map.entry("dev.sluice.recovery.unmask.ValueLookup$Found$Rows", AUDIT),
            Map.entry("dev.sluice.recovery.unmask.Purpose", AUDIT),
            Map.entry("dev.sluice.recovery.unmask.RecoveryRequest", AUDIT),
            Map.entry("dev.sluice.cli.recovery.SubmittedRequest", AUDIT),
            Map.entry("dev.sluice.recovery.unmask.RecoveryRequests$Fetched", AUDIT),
            Map.entry("dev.sluice.recovery.bruteforce.Assessment", "columns, counts and names of forms, no value"),
            Map.entry("dev.sluice.recovery.bruteforce.Attack", "names of hashes and spaces, counts"),
            Map.entry("dev.sluice.recovery.rewrap.Partition", PLACES),
            Map.entry(
                    "dev.sluice.recovery.rewrap.OriginalsRewrap$SealedEntry",
                    "a message's id; what is sealed prints as a reference"),
            Map.entry("dev.sluice.recovery.rewrap.Replacement$NewValue$Masked", "a token of ours"),
            Map.entry("dev.sluice.recovery.rewrap.Replacement$NewValue$Kept", PLACES),
            Map.entry("dev.sluice.recovery.rewrap.RewrapReport$Unchanged", PLACES));

    /** Of constructors of records with a text of their own: the components that it may show. */
    private static final Map<String, Set<String>> SHOWN = Map.of(
            "dev.sluice.pipeline.Message", Set.of("id"),
            "dev.sluice.config.DatabaseSettings", Set.of("host", "database", "user", "sslMode"),
            "dev.sluice.config.SettingValue", Set.of("origin"),
            "dev.sluice.http.Request", Set.of("method", "path"),
            "dev.sluice.mapping.RecordId", Set.of("type"),
            "dev.sluice.mapping.TestCase", Set.of("name"),
            "dev.sluice.recovery.unmask.TokenRequest", Set.of("column"),
            "dev.sluice.recovery.subject.Subject", Set.of("column"),
            "dev.sluice.recovery.rewrap.PageRewrite$Change", Set.of("tid"));

    private static final List<Class<?>> TYPES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.sluice").stream()
                    .filter(type -> !type.getPackageName().startsWith("dev.sluice.embedded"))
                    .filter(type -> !type.isInterface() && !type.isEnum())
                    .<Class<?>>map(JavaClass::reflect)
                    .toList();

    @ParameterizedTest
    @MethodSource("closedRecords")
    void aRecordShowsNoValue(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        Set<String> shown = SHOWN.getOrDefault(type.getName(), Set.of());

        Object filled = constructor.newInstance(Arrays.stream(components)
                .map(component -> filling(component.getType(), shown.contains(component.getName())))
                .toArray());

        assertShowsNothing(filled);
    }

    @Test
    void listsNoRecordThatIsGoneOrCarriesNoText() {
        assertThat(TYPES.stream().filter(ShownTextsTest::carriesAValue).map(Class::getName))
                .containsAll(OPEN.keySet());
    }

    /** Those of classes, whose fields nothing prints unasked. A new one is to be added here. */
    @Test
    void aClassesOwnTextShowsNoValueAndNoKey() {
        List<Object> objects = objects();

        assertThat(TYPES.stream()
                        .filter(type -> !type.isRecord() && hasText(type))
                        .map(Class::getName))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                objects.stream().map(object -> object.getClass().getName()),
                                // A text's builder; private to the keysets, which show none of it; a name of a key.
                                Stream.of(
                                        "dev.sluice.output.JsonLine",
                                        "dev.sluice.keys.Keyset",
                                        "dev.sluice.kms.KmsKey"))
                        .toList());
        objects.forEach(ShownTextsTest::assertShowsNothing);
    }

    static Stream<Class<?>> closedRecords() {
        return TYPES.stream().filter(type -> carriesAValue(type) && !OPEN.containsKey(type.getName()));
    }

    private static List<Object> objects() {
        Keysets keysets = Keysets.ephemeral(Map.of("p.a", KeyKind.DETERMINISTIC_AEAD, "p.h", KeyKind.KEYED_HASH));
        Assembly assembly = new Assembly(SettingsReader.read(Map.of(), null, Map.of()));
        Mapper mapper = assembly.mapper(Keysets.ephemeral(assembly.requiredKeys()));
        Outcome row = mapper.map(
                        "id",
                        NOW,
                        ("{\"user_id\":\"" + CANARY + "\",\"ip\":\"198.51.100.7\",\"device_id\":\"" + CANARY
                                        + "\",\"app_version\":\"2\"}")
                                .getBytes(UTF_8))
                .getFirst();
        return List.of(
                keysets,
                Masks.of(spec(MaskKind.DETERMINISTIC_AEAD), "p", "a", keysets),
                Masks.of(spec(MaskKind.KEYED_HASH), "p", "h", keysets),
                Objects.requireNonNull(((ReversibleMask) Masks.of(spec(MaskKind.DETERMINISTIC_AEAD), "p", "a", keysets))
                        .defer(CANARY)),
                row,
                row.original(),
                Attributes.of(Map.of("trace_id", new Attribute(Attribute.Type.STRING, CANARY))),
                SettingsReader.read(Map.of(Setting.DATABASE_URL, CANARY), null, Map.of("OTHER", CANARY)));
    }

    private static MaskSpec spec(MaskKind kind) {
        return new MaskSpec(kind, CanonicalForm.TEXT, false, null);
    }

    private static boolean hasText(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .anyMatch(method -> method.getName().equals("toString"));
    }

    private static boolean carriesAValue(Class<?> type) {
        return type.isRecord()
                && Arrays.stream(type.getRecordComponents()).anyMatch(component -> speaks(component.getGenericType()));
    }

    private static boolean speaks(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Arrays.stream(generic.getActualTypeArguments()).anyMatch(ShownTextsTest::speaks);
        }
        if (type instanceof GenericArrayType array) {
            return speaks(array.getGenericComponentType());
        }
        if (type instanceof Class<?> known && known.isArray()) {
            return SPEAKING.contains(known) || speaks(known.getComponentType());
        }
        return type instanceof TypeVariable || type instanceof WildcardType || SPEAKING.contains(type);
    }

    private static @Nullable Object filling(Class<?> type, boolean shown) {
        String text = shown ? "shown" : CANARY;
        if (type == String.class || type == Object.class) {
            return text;
        }
        if (type == byte[].class) {
            return text.getBytes(UTF_8);
        }
        if (type == int.class) {
            return 1;
        }
        if (type == long.class) {
            return 1L;
        }
        if (type == double.class) {
            return 1.0;
        }
        if (type == boolean.class) {
            return true;
        }
        if (type == Map.class) {
            return Map.of(text, text);
        }
        if (type == List.class) {
            return List.of(text);
        }
        return others(type);
    }

    private static @Nullable Object others(Class<?> type) {
        if (type == Instant.class) {
            return NOW;
        }
        if (type == InputStream.class) {
            return InputStream.nullInputStream();
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return type == PrintStream.class ? System.out : null;
    }

    private static void assertShowsNothing(Object filled) {
        byte[] bytes = CANARY.getBytes(UTF_8);
        assertThat(filled.toString())
                .doesNotContain(CANARY)
                .doesNotContain(HexFormat.of().formatHex(bytes))
                .doesNotContain(Base64.getEncoder().withoutPadding().encodeToString(bytes))
                .doesNotContain(Arrays.toString(bytes))
                .as("a key")
                .doesNotContainPattern("[A-Za-z0-9+/_]{32,}");
    }
}
