package dev.sluice.mapping;

import dev.sluice.keys.Sealer;
import org.jspecify.annotations.Nullable;

/**
 * The columns with their masks, and the sealer of rejected records: all under the keys of one tenant, or under keys that
 * belong to none. Thread-safe.
 *
 * @param tenant null for keys that belong to none
 * @param columns the pipeline's, and after them the field of the idempotency key, if there is one
 */
@SuppressWarnings("ArrayRecordComponent") // read on the hot path, never compared
record KeyedColumns(@Nullable String tenant, CompiledColumn[] columns, AttributeReader attributes, Sealer sealer) {

    /** The values of columns that read attributes, see {@link AttributeReader#values}. */
    @Nullable
    Object[] values(Attributes ofMessage) {
        return attributes.values(ofMessage);
    }

    /** Never shows the tenant, which comes from a message. */
    @Override
    public String toString() {
        return "KeyedColumns[not shown]";
    }
}
