package dev.sluice.mapping;

import dev.sluice.keys.Sealer;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.Mask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compiles pipelines, once at start: into arrays and a tree of fields, so that nothing is interpreted per message. */
public final class Mappers {

    private Mappers() {}

    static Mapper compile(PipelineSpec spec, Function<Column, @Nullable Mask> masks, Sealer sealer) {
        CompiledColumn[] columns = spec.columns().stream()
                .map(column -> new CompiledColumn(
                        column.name(),
                        column.required(),
                        column.fallback(),
                        column.type() == ColumnType.Simple.JSONB,
                        ValueReaders.of(column, masks.apply(column))))
                .toArray(CompiledColumn[]::new);
        FieldNode fields =
                FieldNode.of(spec.columns().stream().map(Column::from).toList());
        Unpacking unpacking =
                new Unpacking(spec.source().unwrap(), spec.source().compression());
        return new JsonMapper(spec.name(), unpacking, columns, fields, sealer);
    }
}
