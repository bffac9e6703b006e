package dev.sluice.cli.status;

import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Paragraph;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.status.Answer.Answered;
import dev.sluice.cli.status.Answer.Unanswered;
import dev.sluice.metrics.Status;
import dev.sluice.metrics.StatusDocument;
import dev.sluice.output.JsonLine;
import dev.sluice.output.TerminalText;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice status}. */
@Command(
        name = "status",
        header = "Shows what a running worker does.",
        description = {
            "Reads the figures from the worker's health port. Needs neither queue nor database. With --output json, it"
                    + " prints the document of the port, one line per worker; for a worker that does not answer, an"
                    + " object with url and error.",
            "",
            "Exits with 0 if every worker starts, runs, is idle or drains, and with 69 if one cannot reach the queue, has"
                    + " an open circuit breaker, or does not answer."
        },
        footer = {
            "Examples:",
            "  sluice status",
            "  sluice status --url http://worker-1:8081 --url http://worker-2:8081"
        })
@CommandHelp(uses = Part.HEALTH)
public final class StatusCommand extends CliCommand implements Callable<Integer> {

    @Mixin
    UrlOption urls;

    @Override
    public Integer call() {
        List<WorkerAddress> workers = urls.workers(program().settings());
        int exitCode = ExitCode.DONE;
        try (StatusReader reader = new StatusReader()) {
            Iterator<Answer> answers = reader.readAll(workers).iterator();
            for (WorkerAddress worker : workers) {
                Answer answer = answers.next();
                switch (answer) {
                    case Answered answered -> print(worker, answered.status(), workers.size() > 1);
                    case Unanswered unanswered -> print(worker, unanswered);
                }
                exitCode = Math.max(exitCode, exitCode(answer));
            }
        }
        return exitCode;
    }

    /** What a script learns of a worker. */
    static int exitCode(Answer answer) {
        return switch (answer) {
            case Unanswered unanswered -> ExitCode.UNAVAILABLE;
            case Answered answered ->
                switch (answered.status().state()) {
                    case STARTING, RUNNING, IDLE, DRAINING -> ExitCode.DONE;
                    case CIRCUIT_OPEN, QUEUE_UNREACHABLE -> ExitCode.UNAVAILABLE;
                };
        };
    }

    /** The document of the port, in which a terminal acts on nothing. */
    static String json(Status status) {
        return JsonLine.escape(StatusDocument.write(status), TerminalText::isActedOn);
    }

    private void print(WorkerAddress worker, Status status, boolean oneOfSeveral) {
        if (json()) {
            out().println(json(status));
            return;
        }
        if (oneOfSeveral) {
            out().println(worker.label());
        }
        line(StatusLine.plain("pipeline", StatusLines.route(status)));
        StatusLines.of(status).forEach(this::line);
        line(StatusLine.plain(
                "version",
                status.version() + ", up " + Amounts.span(Duration.between(status.startedAt(), status.now()))));
    }

    private void line(StatusLine line) {
        out().print(line.paddedLabel());
        List<String> text = Paragraph.lines(
                TerminalText.escape(line.text()), StatusLine.INDENT, program().tableWidth());
        if (line.color() == null) {
            text.forEach(out()::println);
        } else {
            line.color().print(out(), program().color(), String.join("\n", text));
            out().println();
        }
    }

    private void print(WorkerAddress worker, Unanswered unanswered) {
        if (json()) {
            out().println(error(worker, unanswered.reason()));
        }
        report(worker.page() + ": " + unanswered.reason());
    }

    /** What stands in place of a document. */
    static JsonLine error(WorkerAddress worker, String reason) {
        return new JsonLine().put("url", worker.page().toString()).put("error", reason);
    }
}
