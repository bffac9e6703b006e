package dev.sluice.mapping;

import java.util.List;

/** Where an event names the tenant with whose keys it is masked: {@code keys.by}. */
public sealed interface TenantSource {

    /** A field: text or a whole number. */
    record Field(List<String> path) implements TenantSource {

        /** @param path field names from the root, copied */
        public Field {
            path = List.copyOf(path);
        }
    }

    /** A message attribute, or {@link dev.sluice.mapping.Attribute#MESSAGE_GROUP}. */
    record Attribute(String name) implements TenantSource {}
}
