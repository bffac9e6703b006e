package dev.sluice.mapping;

import dev.sluice.keys.KeyKind;
import dev.sluice.keys.Keysets;
import dev.sluice.keys.Sealer;
import dev.sluice.mapping.JsonMapper.ColumnSource;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.Mask;
import dev.sluice.mask.Masks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
                columns(spec, keysets),
                keysets.sealer(),
                RecordKeys.of(spec, keysets),
                new FieldCounters(spec, allNames));
    }

    private static ColumnSource columns(PipelineSpec spec, Keysets keysets) {
        if (spec.tenants() == null) {
            return same(columns(spec, null, column -> mask(spec, column, keysets), keysets.sealer()));
        }
        Map<String, KeyKind> fields = spec.keyedFields();
        for (String tenant : spec.tenantsIn(keysets)) {
            // At start, and not at the tenant's first record.
            keysets.tenant(tenant).ifPresent(own -> fields.forEach(own::require));
        }
        return new Tenants(
                spec.tenants(),
                tenant -> spec.keysetsOf(tenant, keysets),
                keysets::wasDestroyed,
                (tenant, own) -> columns(spec, tenant, column -> mask(spec, column, own), own.sealer()))::columns;
    }

    /** The mask of a column, bound to its keys; null if the column is stored as it is. */
    public static @Nullable Mask mask(PipelineSpec spec, Column column, Keysets keysets) {
        return column.mask() == null ? null : Masks.of(column.mask(), spec.name(), column.name(), keysets);
    }

    static JsonMapper compile(
            PipelineSpec spec, ColumnSource columns, Sealer sealer, @Nullable RecordKeys keys, FieldCounters counters) {
        List<@Nullable List<String>> paths = new ArrayList<>();
        spec.columns().forEach(column -> paths.add(column.from()));
        if (spec.source().idempotencyKey() instanceof IdempotencyKey.Field field) {
            paths.add(field.path());
        }
        Unpacking unpacking =
                new Unpacking(spec.source().unwrap(), spec.source().compression());
        return new JsonMapper(spec, unpacking, columns, FieldNode.of(paths), sealer, keys, counters);
    }

    static KeyedColumns columns(
            PipelineSpec spec, @Nullable String tenant, Function<Column, @Nullable Mask> masks, Sealer sealer) {
        List<CompiledColumn> columns = new ArrayList<>();
        for (Column column : spec.columns()) {
            columns.add(new CompiledColumn(
                    column.name(),
                    column.required(),
                    column.fallback(),
                    column.type() == ColumnType.Simple.JSONB,
                    ValueReaders.of(column, masks.apply(column))));
        }
        if (spec.source().idempotencyKey() instanceof IdempotencyKey.Field field) {
            columns.add(new CompiledColumn(field.name(), true, null, false, RecordId::read));
        }
        CompiledColumn[] compiled = columns.toArray(CompiledColumn[]::new);
        return new KeyedColumns(tenant, compiled, new AttributeReader(spec, compiled), sealer);
    }

    /** The same columns for every record. */
    static ColumnSource same(KeyedColumns columns) {
        return (body, start, attributes) -> columns;
    }
}
