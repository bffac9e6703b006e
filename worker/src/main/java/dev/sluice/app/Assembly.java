package dev.sluice.app;

import dev.sluice.aws.PlainHttp;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsException;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.Keysets;
import dev.sluice.kms.KmsEncryption;
import dev.sluice.mapping.IdempotencyKey;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.Pipelines;
import dev.sluice.mapping.Remapper;
import dev.sluice.mask.Masks;
import dev.sluice.pipeline.Source;
import dev.sluice.postgres.KeyUse;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.DatabaseAddress;
import dev.sluice.sqs.QueueClient;
import dev.sluice.sqs.Queues;
import dev.sluice.sqs.SqsSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes each part from the settings, when it is asked for: a command opens only what it needs. What it opens is the
 * caller's to close. Used by one thread.
 */
public final class Assembly {

    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

    /** The largest message there is (SQS quotas: 1 MiB since August 2025). */
    private static final long SMALLEST_BATCH_BYTES = 1L << 20;

    private final Settings settings;
    private final PipelineSpec spec;

    /**
     * Reads the pipeline that the settings name.
     *
     * @throws dev.sluice.yaml.InvalidDocumentException when its file is no good
     * @throws dev.sluice.mapping.PipelineNotFoundException when there is none
     */
    public Assembly(Settings settings) {
        this.settings = settings;
        this.spec = Pipelines.load(Objects.requireNonNull(settings.text(Setting.PIPELINE)));
    }

    /** What everything is made from. */
    public Settings settings() {
        return settings;
    }

    /** The pipeline. */
    public PipelineSpec spec() {
        return spec;
    }

    /** The queue's name or URL: the setting's, else the pipeline's. */
    public String queue() {
        String queue = settings.text(Setting.QUEUE);
        return queue == null ? spec.source().queue() : queue;
    }

    /** How many batches may be in hand at once. */
    public int lanes() {
        return settings.number(Setting.LANES);
    }

    /**
     * The path of the keyset file.
     *
     * @throws KeysException when none is set
     */
    public Path keysFile() {
        String file = settings.text(Setting.KEYS);
        if (file == null) {
            throw new KeysException(
                    "No keys: set SLUICE_KEYS (or --keys) to the keyset file; `sluice keys create` makes"
                            + " one. Even a pipeline without keyed masks needs it, to seal the originals of rejected records.");
        }
        return Path.of(file);
    }

    /**
     * The keyset file, and the KMS that it may be encrypted by.
     *
     * @throws KeysException when none is set
     * @throws dev.sluice.failure.InfrastructureException of kind CONFIG when the KMS key that is set is none
     */
    public KeysetFile keysetFile() {
        return KeysetFile.at(
                keysFile(),
                new KmsEncryption(spec.name(), settings.text(Setting.KMS_KEY), settings.environment(), plainHttp()));
    }

    /**
     * The keys, read and decrypted anew at each call.
     *
     * @throws KeysException when the file is missing, readable by others, or no keyset file
     * @throws dev.sluice.failure.InfrastructureException when it is encrypted, and the KMS is away (TRANSIENT), denies
     *     (NOT_PERMITTED), or has another key (CONFIG)
     */
    public Keysets keysets() {
        return keysetFile().read();
    }

    /**
     * The keys, for opening or looking up values: refused when they are bound to another database, whose audit would not
     * be told. Keys that are bound to none are given, with a warning in the log.
     *
     * @param database the one whose audit is told
     * @throws KeysException as {@link #keysets}, and when they are bound to another database
     * @throws dev.sluice.failure.InfrastructureException as {@link #keysets}, and when the database does not tell its id
     */
    public Keysets keysetsFor(Database database) {
        Keysets keysets = keysets();
        if (keysets.database().isEmpty()) {
            LOG.warn(
                    "{} is bound to no database, so it also works beside one whose audit nobody reads; `sluice keys bind`"
                            + " binds it to this one.",
                    keysFile());
            return keysets;
        }
        otherDatabase(keysets, database.installationId()).ifPresent(problem -> {
            throw new KeysException(problem);
        });
        return keysets;
    }

    /** Why recovery with these keys is refused on a database with that id; empty when they are bound to it, or to none. */
    Optional<String> otherDatabase(Keysets keysets, UUID id) {
        return keysets.database()
                .filter(bound -> !bound.equals(id))
                .map(bound -> keysFile() + " is bound to the database " + bound + ", and this one is " + id
                        + ": its audit does not record the use of these keys. Set the other database"
                        + " (SLUICE_DATABASE_URL), or, if the keys belong here now, run 'sluice keys bind --rebind'");
    }

    /** What the keyset file must hold for this pipeline: field to kind. {@code quarantine} comes on top. */
    public Map<String, KeyKind> wantedKeys() {
        Map<String, KeyKind> wanted = new LinkedHashMap<>();
        for (Column column : spec.columns()) {
            KeyKind kind =
                    column.mask() == null ? null : Masks.keyKind(column.mask().kind());
            if (kind != null) {
                wanted.put(Masks.field(spec.name(), column.name()), kind);
            }
        }
        if (!(spec.source().idempotencyKey() instanceof IdempotencyKey.MessageId)) {
            wanted.put(Keysets.IDEMPOTENCY, KeyKind.KEYED_HASH);
        }
        return wanted;
    }

    /** The compiled pipeline. */
    public Mapper mapper(Keysets keysets) {
        return Mappers.compile(spec, keysets);
    }

    /** The compiled pipeline, for what it rejected before. */
    public Remapper remapper(Keysets keysets) {
        return Mappers.remapper(spec, keysets);
    }

    /** Opens the queue for a run. */
    public Source source() {
        return Queues.source(sqsSettings(), settings.environment());
    }

    /** Opens the queue for the command line. */
    public QueueClient queueClient() {
        return Queues.client(sqsSettings(), settings.environment());
    }

    /** What the queue's package must know. */
    SqsSettings sqsSettings() {
        return SqsSettings.of(queue())
                .withEndpoint(endpoint())
                .withRegion(settings.text(Setting.REGION))
                .withPlainHttp(plainHttp())
                .withBatchMaxMessages(settings.number(Setting.BATCH_MESSAGES))
                .withBatchMaxBytes(batchMaxBytes(Runtime.getRuntime().maxMemory(), lanes()));
    }

    /** All lanes' bodies together take a sixteenth of the heap; each is held about three times while it is received. */
    static long batchMaxBytes(long heapBytes, int lanes) {
        return Math.clamp(heapBytes / 16 / lanes, SMALLEST_BATCH_BYTES, SqsSettings.DEFAULT_BATCH_BYTES);
    }

    private PlainHttp plainHttp() {
        return new PlainHttp(settings.flag(Setting.INSECURE_AWS_HTTP));
    }

    private @Nullable URI endpoint() {
        String text = settings.text(Setting.ENDPOINT);
        if (text == null) {
            return null;
        }
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // told below, in the same words
        }
        throw new SettingsException(List.of(Setting.ENDPOINT.key() + " (" + settings.origin(Setting.ENDPOINT)
                + "): a URL as http://host:port was expected."));
    }

    /** Whether anything says where the database is; otherwise it would be looked for on this machine. */
    public boolean namesDatabase() {
        return Stream.of(Setting.DATABASE_URL, Setting.DATABASE_HOST, Setting.DATABASE_NAME)
                .anyMatch(setting -> settings.text(setting) != null);
    }

    /** Where the database is. */
    public DatabaseAddress databaseAddress() {
        Map<String, String> parts = new HashMap<>();
        for (Setting setting : Setting.values()) {
            String text = setting.key().startsWith("database.") ? settings.text(setting) : null;
            if (text != null) {
                parts.put(setting.variables().getFirst(), text);
            }
        }
        return DatabaseAddress.from(parts, settings.flag(Setting.INSECURE_DATABASE_TLS));
    }

    /**
     * Counts the rows of each key.
     *
     * @param patience how long one statement may take
     */
    public KeyUse keyUse(Duration patience) {
        return new KeyUse(databaseAddress(), spec, patience);
    }

    /** Whether {@link #keyUse} finds the rows of a key: one of this pipeline's columns, or of the quarantine. */
    public boolean countsRowsOf(KeyInfo key) {
        return key.field().equals(Keysets.QUARANTINE)
                || spec.columns().stream().anyMatch(column -> Masks.field(spec.name(), column.name())
                        .equals(key.field()));
    }

    /** Connects to the database, for as many lanes as the settings say. */
    public Database database() {
        return Database.open(databaseAddress(), lanes());
    }

    /** Connects to the database for what may take long. */
    public Database maintenanceDatabase() {
        return Database.openForMaintenance(databaseAddress());
    }
}
