package dev.sluice.mapping;

import dev.sluice.keys.Keysets;
import dev.sluice.keys.Sealer;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.Mask;
import dev.sluice.mask.Masks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compiles pipelines once, at start, into arrays and a tree of fields, so that nothing is interpreted per message. */
public final class Mappers {

    private Mappers() {}

    /**
     * Compiles a pipeline with its keys.
     *
     * @throws dev.sluice.keys.KeysException if the keysets lack one that a mask needs, or {@code quarantine}
     */
    public static Mapper compile(PipelineSpec spec, Keysets keysets) {
        return compile(spec, keysets, false);
    }

    /**
     * The same, which may count fields by names that the pipeline file does not contain.
     *
     * @param allNames whether {@link Mapper#fieldCounts} may name them; a name may be personal data
     */
    public static Mapper compile(PipelineSpec spec, Keysets keysets, boolean allNames) {
        return jsonMapper(spec, keysets, allNames);
    }

    /**
     * Compiles a pipeline to replay what it rejected.
     *
     * @throws dev.sluice.keys.KeysException as {@link #compile}
     */
    public static Remapper remapper(PipelineSpec spec, Keysets keysets) {
        return jsonMapper(spec, keysets, false);
    }

    private static JsonMapper jsonMapper(PipelineSpec spec, Keysets keysets, boolean allNames) {
        return compile(
                spec,
                column -> mask(spec, column, keysets),
                keysets.sealer(),
                RecordKeys.of(spec, keysets),
                new FieldCounters(spec, allNames));
    }

    /** The mask of a column, bound to its keys; null if the column is stored as it is. */
    public static @Nullable Mask mask(PipelineSpec spec, Column column, Keysets keysets) {
        return column.mask() == null ? null : Masks.of(column.mask(), spec.name(), column.name(), keysets);
    }

    static JsonMapper compile(
            PipelineSpec spec,
            Function<Column, @Nullable Mask> masks,
            Sealer sealer,
            @Nullable RecordKeys keys,
            FieldCounters counters) {
        List<CompiledColumn> columns = new ArrayList<>();
        List<@Nullable List<String>> paths = new ArrayList<>();
        for (Column column : spec.columns()) {
            columns.add(new CompiledColumn(
                    column.name(),
                    column.required(),
                    column.fallback(),
                    column.type() == ColumnType.Simple.JSONB,
                    ValueReaders.of(column, masks.apply(column))));
            paths.add(column.from());
        }
        if (spec.source().idempotencyKey() instanceof IdempotencyKey.Field field) {
            columns.add(new CompiledColumn(field.name(), true, null, false, RecordId::read));
            paths.add(field.path());
        }
        Unpacking unpacking =
                new Unpacking(spec.source().unwrap(), spec.source().compression());
        return new JsonMapper(
                spec, unpacking, columns.toArray(CompiledColumn[]::new), FieldNode.of(paths), sealer, keys, counters);
    }
}
