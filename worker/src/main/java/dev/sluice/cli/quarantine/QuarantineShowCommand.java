package dev.sluice.cli.quarantine;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.JsonLine;
import dev.sluice.cli.command.TicketOption;
import dev.sluice.keys.Sealer;
import dev.sluice.postgres.Quarantine;
import dev.sluice.postgres.Quarantine.SealedRecord;
import dev.sluice.postgres.QuarantineEntry;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.OperatorAudit;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sluice quarantine show}. */
@Command(
        name = "show",
        header = "Shows one quarantined record: the reason, and the shape of its original without the values.",
        description = {
            "",
            "With --ticket, the original is decrypted in memory, after the audit has recorded that, and the names, types"
                    + " and lengths of its fields are shown.",
            ""
        })
final class QuarantineShowCommand extends CliCommand implements Runnable {

    @Parameters(paramLabel = "ID", description = "As listed by sluice quarantine list.")
    long id;

    @Mixin
    TicketOption ticket;

    @Override
    public void run() {
        String given = ticket.optional();
        Assembly assembly = assembly();
        try (Database database = assembly.database()) {
            SealedRecord sealed = new Quarantine(database)
                    .get(id)
                    .orElseThrow(() -> usageError("there is no quarantined record " + id));
            JsonLine line = describe(sealed.entry());
            if (given != null) {
                byte[] original = open(assembly, database, sealed, given);
                line.put("original_bytes", original.length).put("shape", JsonShape.of(original));
            }
            print(line, line.lines());
            if (given == null) {
                report("with --ticket, the original's shape is shown, and the audit records that");
            }
        }
    }

    private static byte[] open(Assembly assembly, Database database, SealedRecord sealed, String ticket) {
        Sealer sealer = assembly.keysetsFor(database).sealer();
        new OperatorAudit(database, assembly.spec())
                .inspects(ticket, sealed.entry().id());
        return sealer.unseal(sealed.original(), sealed.entry().binding().associatedData());
    }

    private static JsonLine describe(QuarantineEntry entry) {
        return new JsonLine()
                .put("id", entry.id())
                .put("pipeline", entry.pipeline())
                .put("pipeline_version", entry.pipelineVersion())
                .put("reason", entry.reason())
                .put("expected", QuarantineCommand.explanation(entry.reason()))
                .put("column", entry.column())
                .put("sqlstate", entry.sqlState())
                .put("constraint", entry.constraint())
                .put("message", entry.messageId())
                .put("record", entry.recordIndex())
                .put("receive_count", entry.receiveCount())
                .put("sent", entry.sentAt())
                .put("quarantined", entry.quarantinedAt())
                .put("original_form", entry.form().name().toLowerCase(Locale.ROOT));
    }
}
