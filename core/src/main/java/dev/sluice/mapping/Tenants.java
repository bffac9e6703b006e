package dev.sluice.mapping;

import dev.sluice.keys.KeysetName;
import dev.sluice.keys.Keysets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds the tenant of a record, and the columns compiled with that tenant's keys, which are made when its first record
 * comes. A record is read for its tenant before it is read for its values, since the tenant may come last. Thread-safe.
 */
final class Tenants {

    private final TenantSource by;
    private final Function<String, Optional<Keysets>> keysets;
    private final Predicate<String> destroyed;
    private final BiFunction<String, Keysets, KeyedColumns> compile;

    /** Leads to the tenant's field; nothing else is read. */
    private final FieldNode field;

    private final Map<String, KeyedColumns> compiled = new ConcurrentHashMap<>();

    /**
     * @param keysets of a tenant; empty if it has none for the pipeline
     * @param destroyed whether a tenant had keys
     * @param compile makes the columns of one, from its name and its keysets
     */
    Tenants(
            TenantSource by,
            Function<String, Optional<Keysets>> keysets,
            Predicate<String> destroyed,
            BiFunction<String, Keysets, KeyedColumns> compile) {
        this.by = by;
        this.keysets = keysets;
        this.destroyed = destroyed;
        this.compile = compile;
        this.field = FieldNode.of(by instanceof TenantSource.Field at ? Arrays.asList(at.path()) : List.of());
    }

    /**
     * The columns for a record.
     *
     * @param start of the record in {@code body}
     * @return {@link KeyedColumns}, or the {@link Reason} why there are none
     */
    Object columns(Body body, int start, Attributes attributes) {
        String name = by instanceof TenantSource.Attribute attribute
                ? text(attributes.get(attribute.name()))
                : text(new Body(body.buffer(), body.offset() + start, body.length() - start, null));
        if (name == null || !KeysetName.isTenant(name)) {
            return Reason.NO_TENANT;
        }
        KeyedColumns known = compiled.get(name);
        return known == null ? compile(name) : known;
    }

    private Object compile(String name) {
        Keysets own = keysets.apply(name).orElse(null);
        if (own == null) {
            return destroyed.test(name) ? Reason.DESTROYED_TENANT : Reason.UNKNOWN_TENANT;
        }
        return compiled.computeIfAbsent(name, absent -> compile.apply(name, own));
    }

    private static @Nullable String text(@Nullable Attribute attribute) {
        return attribute == null || attribute.type() == Attribute.Type.BINARY ? null : attribute.text();
    }

    /** @param record begins with the record; what follows it is not read */
    private @Nullable String text(Body record) {
        try (JsonParser parser = Json.parser(record)) {
            parser.nextToken();
            return object(parser, field);
        } catch (JacksonException malformed) {
            // Reading the record reports it.
            return null;
        }
    }

    private static @Nullable String object(JsonParser parser, FieldNode node) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            FieldNode child = node.child(parser.currentName());
            parser.nextToken();
            if (child != null) {
                return value(parser, child);
            }
            parser.skipChildren();
        }
        return null;
    }

    private static @Nullable String array(JsonParser parser, FieldNode node) {
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            FieldNode child = node.child(Integer.toString(index));
            if (child != null) {
                return value(parser, child);
            }
            parser.skipChildren();
        }
        return null;
    }

    private static @Nullable String value(JsonParser parser, FieldNode node) {
        JsonToken token = parser.currentToken();
        if (!node.hasChildren()) {
            boolean named = token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT;
            return named ? parser.getString() : null;
        }
        return token == JsonToken.START_OBJECT
                ? object(parser, node)
                : token == JsonToken.START_ARRAY ? array(parser, node) : null;
    }
}
