package dev.sluice.postgres;

import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.IdempotencyKey;
import dev.sluice.mapping.PipelineSpec;
import java.util.ArrayList;
import java.util.List;

/** Pipelines of a few columns, into table {@code events}. */
public final class Pipelines {

    private Pipelines() {}

    /** Columns c0, c1 and so on, none required. */
    public static PipelineSpec of(ColumnType... types) {
        List<PipelineSpec.Column> columns = new ArrayList<>();
        for (ColumnType type : types) {
            columns.add(column("c" + columns.size(), type, false));
        }
        return of(columns);
    }

    public static PipelineSpec of(List<PipelineSpec.Column> columns) {
        return new PipelineSpec(
                "events",
                "0123456789ab",
                new PipelineSpec.Source(
                        "queue",
                        PipelineSpec.Unwrap.NONE,
                        PipelineSpec.Compression.NONE,
                        new IdempotencyKey.MessageId()),
                new PipelineSpec.Sink(null, "events"),
                columns);
    }

    public static PipelineSpec.Column column(String name, ColumnType type, boolean required) {
        return new PipelineSpec.Column(name, List.of(name), null, type, required, null, null, null, null);
    }
}
