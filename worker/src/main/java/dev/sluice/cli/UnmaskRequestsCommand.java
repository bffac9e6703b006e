package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.postgres.Database;
import dev.sluice.recovery.unmask.Request;
import dev.sluice.recovery.unmask.Requests;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice unmask requests}. */
@Command(name = "requests", header = "Lists requests and how far they are, the newest first.")
final class UnmaskRequestsCommand implements Callable<Integer> {

    private static final List<String> HEADINGS = List.of(
            "request",
            "state",
            "requester",
            "reason",
            "ticket",
            "values",
            "columns",
            "pipeline",
            "approver",
            "requested",
            "expires",
            "approved by");

    @ParentCommand
    UnmaskCommand parent;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (${DEFAULT-VALUE}).")
    int limit;

    @Override
    public Integer call() {
        if (limit < 0) {
            throw new ParameterException(parent.sluice.command.commandLine(), "--limit: 0 or more was expected");
        }
        Assembly assembly = parent.sluice.assembly();
        try (Database database = assembly.database()) {
            List<Request> requests = new Requests(database, assembly.spec().name()).list(limit);
            RowView.print(
                    parent.sluice,
                    HEADINGS,
                    requests.stream().map(UnmaskRequestsCommand::cells).toList());
        }
        return ExitCode.DONE;
    }

    /** The request for who is to approve it: a line a member. */
    static String lines(Request request) {
        JsonLine line = new JsonLine();
        List<@Nullable Object> cells = cells(request);
        for (int i = 0; i < cells.size(); i++) {
            line.put(HEADINGS.get(i), cells.get(i));
        }
        return line.lines();
    }

    private static List<@Nullable Object> cells(Request request) {
        return Arrays.<@Nullable Object>asList(
                request.id(),
                request.state().name().toLowerCase(Locale.ROOT),
                request.requester(),
                request.reason(),
                request.ticket(),
                request.values(),
                String.join(", ", request.columns()),
                request.pipeline(),
                request.approver(),
                request.requestedAt(),
                request.expiresAt(),
                request.approvedBy());
    }
}
