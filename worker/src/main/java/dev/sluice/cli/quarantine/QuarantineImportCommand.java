package dev.sluice.cli.quarantine;

import dev.sluice.app.Archives;
import dev.sluice.app.Assembly;
import dev.sluice.bulk.SourceFile;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Progress;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.output.JsonLine;
import dev.sluice.output.TerminalText;
import dev.sluice.postgres.QuarantineArchive.Restored;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.archive.QuarantineImport;
import dev.sluice.recovery.archive.QuarantineImport.Imported;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice quarantine import}. */
@Command(
        name = "import",
        header = "Puts exported records back into the quarantine, to be shown and replayed.",
        description = {
            "PATH is a file of sluice quarantine export, a folder of them, or a pattern in quotes; on this machine or in S3."
                    + " Lines may be picked from a file, and files joined; a line that was altered is reported and left"
                    + " out, and the exit code is then 65.",
            "",
            "A record comes back if it was exported with --delete-exported, or into another database that works with the"
                    + " same keys. It does so once: one that is in the quarantine, was replayed, purged or imported before is"
                    + " counted and left out. Safe to repeat and to interrupt."
        },
        footer = {
            "Examples:",
            "  sluice quarantine import rejected/",
            "  sluice quarantine import 's3://bucket/2026-03/*.gz'"
        })
@CommandHelp(uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE})
final class QuarantineImportCommand extends CliCommand implements Callable<Integer> {

    /** More lines say nothing new. */
    private static final int LINES_REPORTED = 20;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, folders or patterns.")
    List<String> paths;

    @Override
    public Integer call() {
        Assembly assembly = assembly();
        try (Database database = assembly.database();
                Archives archives = assembly.archives()) {
            Imported sum = read(assembly, database, archives, files(archives));
            print(sum);
            return sum.refused() == 0 && !sum.unreadable() ? ExitCode.DONE : ExitCode.DATA;
        }
    }

    private Imported read(Assembly assembly, Database database, Archives archives, Collection<SourceFile> files) {
        ShutdownSignal stop = shutdownSignal("stopping after the records in progress; a second signal ends at once");
        try (Progress progress = new Progress(console()).counting("records")) {
            return new QuarantineImport(
                            database, assembly.keysetsFor(database).sealer(), archives, stop, listener(progress))
                    .run(files);
        }
    }

    private Collection<SourceFile> files(Archives archives) {
        SortedMap<String, SourceFile> files = new TreeMap<>();
        for (String path : paths) {
            List<SourceFile> found = archives.list(path);
            if (found.isEmpty()) {
                throw usageError("no file matches " + path);
            }
            found.forEach(file -> files.put(file.path(), file));
        }
        return files.values();
    }

    private QuarantineImport.Listener listener(Progress progress) {
        return new QuarantineImport.Listener() {

            private int reported;

            @Override
            public void progressed(Restored sum) {
                progress.reached(sum.imported() + sum.present() + sum.settled());
            }

            @Override
            public void refused(SourceFile file, long line, String why) {
                if (reported++ < LINES_REPORTED) {
                    report("line " + line + " of " + TerminalText.escape(file.path()) + " is not imported: " + why);
                }
            }

            @Override
            public void unreadable(SourceFile file, String why) {
                report(TerminalText.escape(file.path()) + " was not read to its end: " + why
                        + "; lines before that place may be imported");
            }
        };
    }

    private void print(Imported sum) {
        Restored restored = sum.restored();
        if (!sum.complete()) {
            report("stopped before the end; run the same command again to continue");
        }
        long left = restored.present() + restored.settled();
        print(
                new JsonLine()
                        .put("imported", restored.imported())
                        .put("present", restored.present())
                        .put("settled", restored.settled())
                        .put("refused", sum.refused())
                        .put("complete", sum.complete()),
                "imported " + Counted.of(restored.imported(), "record")
                        + (left == 0
                                ? ""
                                : "; left out: " + restored.present() + " in the quarantine, " + restored.settled()
                                        + " replayed, purged or imported before")
                        + (sum.refused() == 0 ? "" : "; refused: " + Counted.of(sum.refused(), "line")));
    }
}
