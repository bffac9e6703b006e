package dev.sluice.cli.quarantine;

import dev.sluice.app.Archives;
import dev.sluice.app.Assembly;
import dev.sluice.cli.command.ByteSize;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Progress;
import dev.sluice.config.Setting;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.QuarantineFilter;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.archive.QuarantineExport;
import dev.sluice.recovery.archive.QuarantineExport.Exported;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice quarantine export}. */
@Command(
        name = "export",
        header = "Writes quarantined records to files, with their originals still sealed.",
        description = {
            "FOLDER is a folder of this machine or s3://bucket/prefix, and must be empty or missing. Files are NDJSON,"
                    + " compressed with gzip, one record per line, and readable by their owner only. They can be read back"
                    + " with sluice quarantine import and the same keys, and without them by nobody.",
            "",
            "Of all pipelines, or of the one that --pipeline names. Nothing is decrypted, so the audit has no entry."
        },
        footer = {
            "Examples:",
            "  sluice quarantine export rejected/ --reason invalid-ip",
            "  sluice quarantine export s3://bucket/2026-03/ --until 30d --delete-exported"
        })
@CommandHelp(uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE})
final class QuarantineExportCommand extends CliCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FOLDER", description = "Where the files are made.")
    String folder;

    @Mixin
    FilterOptions options;

    @Option(
            names = "--delete-exported",
            description =
                    "Delete each record once its file is durable. It is then in the file only, from which it can be"
                            + " imported once. Only records of the current pipeline.")
    boolean deleteExported;

    @Override
    public Integer call() {
        QuarantineFilter filter = options.filter();
        Assembly assembly = assembly();
        if (deleteExported || assembly.settings().isFlag(Setting.PIPELINE)) {
            filter = filter.ofPipeline(assembly.spec().name());
        }
        try (Database database = assembly.maintenanceDatabase();
                Archives archives = assembly.archives()) {
            if (!archives.list(folder).isEmpty()) {
                throw usageError("there are files in " + folder
                        + " already: an export needs a folder of its own, or nobody knows what is in it");
            }
            ShutdownSignal stop = shutdownSignal("stopping after the file in progress; a second signal ends at once");
            return export(
                    new QuarantineExport(
                            database, assembly.keysetsFor(database).sealer(), archives, stop, deleteExported),
                    filter);
        }
    }

    private int export(QuarantineExport export, QuarantineFilter filter) {
        Exported sum;
        try (Progress progress = new Progress(console())) {
            sum = export.run(folder, filter, listener(progress));
        } catch (FileAlreadyExistsException e) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "a file that was to be made in " + folder + " exists, and was not changed: something else writes"
                            + " there too");
        } catch (IOException e) {
            report("could not write to " + folder + " (" + e.getClass().getSimpleName()
                    + "): check its permissions and the space left. Files that are there are complete");
            return ExitCode.OUTPUT;
        }
        print(sum);
        return ExitCode.DONE;
    }

    private static QuarantineExport.Progress listener(Progress progress) {
        return new QuarantineExport.Progress() {
            @Override
            public void found(long records) {
                progress.began("records", records);
            }

            @Override
            public void read(long records) {
                progress.reached(records);
            }
        };
    }

    private void print(Exported sum) {
        long kept = deleteExported ? sum.records() - sum.deleted() : 0;
        if (kept > 0) {
            report(Counted.of(kept, "record")
                    + " changed while the files were written (replayed, purged or rejected again) and was not deleted;"
                    + " an import leaves out what was replayed or purged");
        }
        if (!sum.complete()) {
            report("stopped before the end; "
                    + (deleteExported
                            ? "export the rest to another folder"
                            : "for all records, export again to another folder"));
        }
        print(
                new JsonLine()
                        .put("records", sum.records())
                        .put("files", sum.files())
                        .put("bytes", sum.bytes())
                        .put("deleted", sum.deleted())
                        .put("complete", sum.complete()),
                "exported " + Counted.of(sum.records(), "record") + " to " + Counted.of(sum.files(), "file") + ", "
                        + ByteSize.text(sum.bytes())
                        + (deleteExported ? "; " + sum.deleted() + " deleted from the quarantine" : ""));
    }
}
