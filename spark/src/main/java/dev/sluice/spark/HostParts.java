package dev.sluice.spark;

import dev.sluice.bulk.BulkDataset;
import dev.sluice.bulk.BulkLedger;
import dev.sluice.bulk.UnitLoader;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsReader;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.postgres.db.Database;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one host holds: settings, keys, connections, made of its own environment and mounted files. Never sent to another.
 */
final class HostParts {

    private static final Logger LOG = LoggerFactory.getLogger(HostParts.class);

    /** Of an executor, for all its tasks; it ends with the process. */
    private static @Nullable HostParts shared;

    private final Job job;
    private final PipelineSpec spec;
    private final Mapper mapper;
    private final Database database;
    private @Nullable UnitLoader loader;
    private @Nullable BulkDataset loaded;

    private HostParts(Job job, Settings settings, int connections) {
        this.job = job;
        this.spec = Pipelines.read(job.pipeline(), job.pipelineText());
        Keysets keysets = keysets(settings);
        requireSameKeys(job, keysets);
        this.mapper = Mappers.compile(spec, keysets);
        this.database = Database.open(settings.database(), connections);
    }

    /**
     * Those of this executor, made at its first task.
     *
     * @param connections as many as it runs tasks at once
     * @throws InfrastructureException CONFIG when its keys are not the driver's
     */
    static synchronized HostParts ofExecutor(Job job, int connections) {
        if (shared == null || !shared.job.equals(job)) {
            if (shared != null) {
                shared.database.close();
            }
            shared = new HostParts(job, settings(), connections);
        }
        return shared;
    }

    /** The settings of this process's environment. */
    static Settings settings() {
        return SettingsReader.read(Map.of(), null, System.getenv());
    }

    /** The keys of this host. */
    static Keysets keysets(Settings settings) {
        String file = settings.text(Setting.KEYS);
        if (file == null) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "no keys: set SLUICE_KEYS on the driver and on every executor to a mounted keyset file");
        }
        return KeysetFile.at(Path.of(file)).read();
    }

    private static void requireSameKeys(Job job, Keysets keysets) {
        if (!keysets.checkValue().equals(job.keyCheck())) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "the keys of this executor are not the driver's: their check values differ; nothing was"
                            + " loaded with them");
        }
    }

    /** Loads the units of a dataset; one for all tasks, since it learns from rejected rows whether the table is at fault. */
    synchronized UnitLoader loader(BulkDataset dataset, long datasetId) {
        if (loader == null || !dataset.equals(loaded)) {
            loaded = dataset;
            loader = new UnitLoader(
                    database,
                    spec,
                    dataset,
                    new BulkLedger(datasetId),
                    ArchiveRecords.of(SparkHadoopUtil.get().conf()),
                    mapper,
                    new ShutdownSignal(),
                    LOG::warn);
        }
        return loader;
    }

    /** The pipeline's name. */
    @Override
    public String toString() {
        return "HostParts[" + job.pipeline() + "]";
    }
}
