package dev.sluice.spark;

import dev.sluice.bulk.BulkDataset;
import dev.sluice.bulk.BulkLedger;
import dev.sluice.bulk.RateLimiter;
import dev.sluice.bulk.UnitLoader;
import dev.sluice.config.SecretArn;
import dev.sluice.config.SecretStore;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsReader;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.KeyInfo.Status;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.Pipelines;
import dev.sluice.mask.Masks;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.rewrap.KeyRewrap;
import dev.sluice.recovery.rewrap.PageCounts;
import dev.sluice.recovery.rewrap.PageCursor.Page;
import dev.sluice.spark.RewrapPages.Work;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one host has: settings, keys and connections, from its own environment and mounted files. Never sent to another
 * host. Thread-safe.
 */
final class HostParts {

    private static final Logger LOG = LoggerFactory.getLogger(HostParts.class);

    /** What the worker fetches from AWS; the application has no client of it. */
    private static final SecretStore NO_AWS = new SecretStore() {

        @Override
        public String fetch(Setting setting, SecretArn arn) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    setting.key() + " names a secret of AWS, which the application on Spark cannot fetch: name a file"
                            + " that contains it by the variable with the suffix _FILE");
        }

        @Override
        public String databaseToken(String host, int port, String user, @Nullable String region) {
            throw new InfrastructureException(
                    Kind.CONFIG, "database.iam-auth is not available on Spark: use a login with a password");
        }
    };

    /** Of an executor, for all its tasks; it ends with the process. */
    private static @Nullable HostParts shared;

    private final Job job;
    private final PipelineSpec spec;
    private final Keysets keysets;
    private final Database database;
    private @Nullable UnitLoader loader;

    /** Of the loader: requested when Spark interrupts a task that waits, because another copy of it was faster. */
    private ShutdownSignal interrupted = new ShutdownSignal();

    private @Nullable BulkDataset loaded;
    private @Nullable Rewrap rewrap;

    private HostParts(Job job, Settings settings, int connections) {
        this.job = job;
        this.spec = Pipelines.read(job.pipeline(), job.pipelineText());
        this.keysets = keysets(settings, spec.name());
        requireSameKeys();
        this.database = Database.open(settings.database(), connections);
        requireSameDatabase();
    }

    /**
     * Those of this executor, made at its first task.
     *
     * @throws InfrastructureException CONFIG if its keys or its database are not the driver's
     */
    static synchronized HostParts ofExecutor(Job job) {
        if (shared == null || !shared.job.equals(job)) {
            if (shared != null) {
                shared.database.close();
            }
            shared = new HostParts(job, settings(), tasksAtOnce(SparkEnv.get().conf()));
        }
        return shared;
    }

    /** Without the setting, a standalone cluster gives an executor every processor of its host. */
    private static int tasksAtOnce(SparkConf conf) {
        return conf.getInt("spark.executor.cores", Runtime.getRuntime().availableProcessors());
    }

    /** The settings of this process's environment. */
    static Settings settings() {
        return settings(System.getenv());
    }

    static Settings settings(Map<String, String> environment) {
        return SettingsReader.read(
                        Map.of(),
                        null,
                        StoredSecrets.resolved(
                                environment, SparkHadoopUtil.get().conf()))
                .with(NO_AWS);
    }

    /** The pipeline that the driver's settings name. */
    static PipelineSpec pipeline(Settings settings) {
        return Pipelines.load(pipelineName(settings), settings.environment());
    }

    private static String pipelineName(Settings settings) {
        return Objects.requireNonNull(settings.text(Setting.PIPELINE));
    }

    /**
     * The keys of this host.
     *
     * @param pipeline the pipeline's name
     * @throws KeysException if they are missing, encrypted, or readable by others
     */
    static Keysets keysets(Settings settings, String pipeline) {
        String file = settings.text(Setting.KEYS);
        if (file == null) {
            throw new InfrastructureException(
                    Kind.CONFIG, "no keys: set SLUICE_KEYS on the driver and on every executor to a keyset file");
        }
        NoKms encryption = new NoKms(pipeline, settings.text(Setting.KMS_KEY));
        if (!StoredSecrets.isMeantBy(file)) {
            return KeysetFile.at(Path.of(file), encryption).read();
        }
        byte[] content = StoredSecrets.read(file, SparkHadoopUtil.get().conf());
        try {
            return KeysetFile.load(content, file, encryption);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /** What the driver sends to executors. */
    static Job job(Settings settings, Keysets keysets, Database database) {
        String pipeline = pipelineName(settings);
        return new Job(pipeline, Pipelines.text(pipeline), keysets.checkValue(), database.installationId());
    }

    /**
     * Keys that are bound to no database are accepted with a warning.
     *
     * @throws KeysException if they are bound to another database
     */
    static void requireBound(Keysets keysets, UUID database) {
        if (keysets.database().isEmpty()) {
            LOG.warn("The keys are bound to no database, so they also work beside one whose audit nobody reads;"
                    + " `sluice keys bind` binds them.");
        }
        keysets.otherDatabase(database).ifPresent(problem -> {
            throw new KeysException(problem);
        });
    }

    /** The keys that can read columns' tokens: field and key id. */
    static List<String> enabledKeys(PipelineSpec spec, List<String> columns, Keysets keysets) {
        Set<String> fields =
                columns.stream().map(column -> Masks.field(spec.name(), column)).collect(Collectors.toSet());
        return keysets.list().stream()
                .filter(key -> key.status() == Status.ENABLED && fields.contains(key.field()))
                .map(key -> key.field() + ":" + key.hexId())
                .sorted()
                .toList();
    }

    private void requireSameKeys() {
        if (!keysets.checkValue().equals(job.keyCheck())) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "the keys of this executor are not the driver's: their check values differ; nothing was done"
                            + " with them");
        }
    }

    private void requireSameDatabase() {
        UUID id = database.installationId();
        if (!id.equals(job.database())) {
            database.close();
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "the database of this executor, " + id + ", is not the driver's, " + job.database()
                            + "; nothing was written to it");
        }
    }

    /**
     * Loads the units of a dataset; one for all tasks, since it learns from rejected rows whether the table is at fault. A new
     * one after an interrupt, which would end the waits of all later tasks.
     */
    synchronized UnitLoader loader(BulkDataset dataset, long datasetId) {
        if (loader == null || !dataset.equals(loaded) || interrupted.isRequested()) {
            loaded = dataset;
            interrupted = new ShutdownSignal();
            Mapper mapper = Mappers.compile(spec, keysets);
            loader = new UnitLoader(
                    database,
                    spec,
                    dataset,
                    new BulkLedger(datasetId),
                    ArchiveRecords.of(SparkHadoopUtil.get().conf()),
                    mapper,
                    interrupted,
                    LOG::warn);
        }
        return loader;
    }

    /**
     * Rewrites a page.
     *
     * @throws InfrastructureException CONFIG if a key that the driver has is missing here
     */
    PageCounts rewrite(Page page, Work work) {
        Rewrap parts = rewrap(work);
        return parts.rewrap.rewrite(page, work.id(), parts.limiter);
    }

    private synchronized Rewrap rewrap(Work work) {
        if (rewrap == null || !rewrap.work.equals(work)) {
            requireBound(keysets, job.database());
            if (!enabledKeys(spec, work.columns(), keysets).equals(work.keys())) {
                throw new InfrastructureException(
                        Kind.CONFIG,
                        "this executor does not have the same enabled keys as the driver; nothing was rewrapped with"
                                + " them: copy the same keyset file to every host");
            }
            List<Column> wanted = KeyRewrap.columns(spec).stream()
                    .filter(column -> work.columns().contains(column.name()))
                    .toList();
            rewrap = new Rewrap(
                    work, new KeyRewrap(database, spec, keysets, wanted, false), new RateLimiter(work.rowsPerSecond()));
        }
        return rewrap;
    }

    /** The pipeline's name. */
    @Override
    public String toString() {
        return "HostParts[" + job.pipeline() + "]";
    }

    private record Rewrap(Work work, KeyRewrap rewrap, RateLimiter limiter) {}
}
