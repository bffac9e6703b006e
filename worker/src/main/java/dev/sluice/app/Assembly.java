package dev.sluice.app;

import dev.sluice.aws.AwsSecrets;
import dev.sluice.aws.CallListener;
import dev.sluice.aws.PlainHttp;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.QueueSettings;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.KeysetName;
import dev.sluice.keys.Keysets;
import dev.sluice.kms.KmsEncryption;
import dev.sluice.lineage.Dataset;
import dev.sluice.lineage.Lineage;
import dev.sluice.mapping.IdempotencyKey;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.mapping.Remapper;
import dev.sluice.mask.Masks;
import dev.sluice.pipeline.Source;
import dev.sluice.postgres.KeyUse;
import dev.sluice.postgres.db.Database;
import dev.sluice.s3.S3Files;
import dev.sluice.sqs.QueueAddress;
import dev.sluice.sqs.QueueClient;
import dev.sluice.sqs.QueueOverview;
import dev.sluice.sqs.Queues;
import dev.sluice.tracing.Places;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes each part from the settings on demand, so that a command opens only what it needs. The caller closes what it
 * opens. Thread-safe.
 */
public final class Assembly {

    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

    private final Settings settings;
    private final PipelineSpec spec;

    /**
     * Reads the pipeline that the settings name.
     *
     * @throws dev.sluice.yaml.InvalidDocumentException when its file is invalid
     * @throws dev.sluice.mapping.PipelineNotFoundException when it does not exist
     */
    public Assembly(Settings settings) {
        this.settings =
                settings.with(new AwsSecrets(settings.environment(), new PlainHttp(settings.allowsPlainHttp())));
        this.spec = Pipelines.load(Objects.requireNonNull(settings.text(Setting.PIPELINE)), settings.environment());
    }

    /** The settings from which all parts are made. */
    public Settings settings() {
        return settings;
    }

    /** The pipeline. */
    public PipelineSpec spec() {
        return spec;
    }

    /** The queue's name or URL: the setting's, else the pipeline's. */
    public String queue() {
        return queueSettings().queue();
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
                    "No keys: set SLUICE_KEYS (or --keys) to the keyset file; on a first installation,"
                            + " `sluice keys create` creates one. Even a pipeline without keyed masks needs it, to seal the originals of rejected records.");
        }
        return Path.of(file);
    }

    /**
     * The keyset file, and the KMS that may encrypt it.
     *
     * @throws KeysException when none is set
     * @throws dev.sluice.failure.InfrastructureException of kind CONFIG when the configured KMS key is not a key's ARN
     */
    public KeysetFile keysetFile() {
        return KeysetFile.at(
                keysFile(),
                new KmsEncryption(
                        spec.name(),
                        settings.text(Setting.KMS_KEY),
                        settings.environment(),
                        new PlainHttp(settings.allowsPlainHttp())));
    }

    /**
     * The keys, read and decrypted again at each call.
     *
     * @throws KeysException when the file is missing, readable by others, or not a keyset file
     * @throws dev.sluice.failure.InfrastructureException when it is encrypted, and the KMS is unavailable (TRANSIENT), denies
     *     access (NOT_PERMITTED), or has another key (CONFIG)
     */
    public Keysets keysets() {
        return keysetFile().read();
    }

    /**
     * The keys for opening or looking up values. Keys that are bound to no database are returned with a warning in the log.
     *
     * @param database whose audit records the use of the keys
     * @throws KeysException as {@link #keysets}, and when they are bound to another database
     * @throws dev.sluice.failure.InfrastructureException as {@link #keysets}, and when the database's id cannot be read
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
        keysets.otherDatabase(database.installationId()).ifPresent(problem -> {
            throw new KeysException(problem);
        });
        return keysets;
    }

    /** The keys that this pipeline uses, by field, besides {@code quarantine}. */
    public Map<String, KeyKind> requiredKeys() {
        return requiredKeys(spec);
    }

    /**
     * The keysets that the keyset file must contain for this pipeline, by name, besides {@code quarantine}.
     *
     * @param tenants all that the pipeline serves, if its keys differ by tenant; else ignored
     */
    public Map<String, KeyKind> requiredKeysets(Set<String> tenants) {
        if (spec.tenants() == null) {
            return requiredKeys();
        }
        Map<String, KeyKind> wanted = new LinkedHashMap<>();
        for (String tenant : tenants) {
            spec.keyedFields().forEach((field, kind) -> wanted.put(KeysetName.of(field, tenant), kind));
            wanted.put(KeysetName.of(Keysets.QUARANTINE, tenant), KeyKind.SEALING);
        }
        if (!(spec.source().idempotencyKey() instanceof IdempotencyKey.MessageId)) {
            wanted.put(Keysets.IDEMPOTENCY, KeyKind.KEYED_HASH);
        }
        return wanted;
    }

    /** As {@link #requiredKeys()}, for any pipeline. */
    public static Map<String, KeyKind> requiredKeys(PipelineSpec spec) {
        Map<String, KeyKind> wanted = spec.keyedFields();
        if (!(spec.source().idempotencyKey() instanceof IdempotencyKey.MessageId)) {
            wanted.put(Keysets.IDEMPOTENCY, KeyKind.KEYED_HASH);
        }
        return wanted;
    }

    /** The compiled pipeline. */
    public Mapper mapper(Keysets keysets) {
        return Mappers.compile(spec, keysets, settings.reportsFieldNames());
    }

    /** The compiled pipeline, for replaying records that it rejected. */
    public Remapper remapper(Keysets keysets) {
        return Mappers.remapper(spec, keysets);
    }

    /**
     * Begins to report what a run reads and writes; empty when that is not set.
     *
     * @param database in which the table is
     * @throws dev.sluice.config.SettingsException when the settings contradict each other
     */
    Optional<Lineage> lineage(Database database) {
        return settings.lineage().map(where -> {
            QueueSettings source = queueSettings();
            QueueAddress queue = QueueAddress.parse(source.queue());
            DatabaseSettings server = settings.database();
            PipelineSpec.Sink sink = database.located(spec.sink());
            return Lineage.report(
                    where,
                    spec,
                    Dataset.queue(queue.name(), queue.url(), source.endpoint(), source.region()),
                    Dataset.table(
                            server.host(),
                            server.port(),
                            server.database(),
                            Objects.requireNonNull(sink.home()),
                            sink.table()));
        });
    }

    /**
     * Opens the queue for a run.
     *
     * @param traced whether to receive also in which trace each message was sent
     * @param listener learns of every call
     */
    public Source source(boolean traced, CallListener listener) {
        return Queues.source(
                queueSettings(), spec.attributes(), traced, settings.run(), settings.environment(), listener);
    }

    /** Where a run reads and writes, as its traces name it. */
    Places places() {
        QueueAddress queue = QueueAddress.parse(queue());
        return new Places(queue.name(), queue.url(), spec.sink().qualifiedName());
    }

    /** Opens the queue for the command line. */
    public QueueClient queueClient() {
        return Queues.client(queueSettings(), settings.environment());
    }

    /** Opens the file systems in which archives are: of this machine, and S3, which is not called before it is needed. */
    public Archives archives() {
        return new Archives(() -> new S3Files(
                settings.text(Setting.REGION), settings.environment(), new PlainHttp(settings.allowsPlainHttp())));
    }

    /** See {@link Queues#list}. */
    public List<QueueOverview> queues(@Nullable String prefix) {
        return Queues.list(queueSettings(), settings.environment(), prefix);
    }

    /** Which queue, and how AWS is called for it. */
    QueueSettings queueSettings() {
        return settings.queue(spec.source().queue());
    }

    /**
     * Counts the rows of each key.
     *
     * @param timeout for one statement
     */
    public KeyUse keyUse(Duration timeout) {
        return new KeyUse(settings.database(), spec, timeout);
    }

    /** Whether {@link #keyUse} finds the rows of a key: one of this pipeline's columns, or of the quarantine. */
    public boolean countsRowsOf(KeyInfo key) {
        return key.field().equals(Keysets.QUARANTINE)
                || spec.columns().stream().anyMatch(column -> Masks.field(spec.name(), column.name())
                        .equals(key.field()));
    }

    /** Connects to the database, with connections for all consumers. */
    public Database database() {
        return Database.open(settings.database(), settings.run().consumers());
    }

    /**
     * The same with the console's login, in little time.
     *
     * @param timeout for one statement
     */
    public KeyUse keyUseForConsole(Duration timeout) {
        return new KeyUse(settings.consoleDatabase(), spec, timeout);
    }

    /**
     * The console's connections for reading; does not connect yet, see {@link Database#forViews}.
     *
     * @throws dev.sluice.config.SettingsException when the address is malformed
     */
    public Database consoleViews() {
        return Database.forViews(settings.consoleDatabase());
    }

    /**
     * Connects with the console's login, to write.
     *
     * @throws dev.sluice.failure.InfrastructureException as {@link Database#open}
     */
    public Database consoleDatabase() {
        return Database.open(settings.consoleDatabase(), 1);
    }

    /** Connects to the database for long-running work. */
    public Database maintenanceDatabase() {
        return Database.openForMaintenance(settings.database());
    }
}
