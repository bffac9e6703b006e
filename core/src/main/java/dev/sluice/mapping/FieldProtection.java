package dev.sluice.mapping;

import dev.sluice.encoding.Labelled;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.MaskKind;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How a pipeline stores each field that it takes from an event: as it is, or under which mask. A sealed original is
 * bound to the protection of the pipeline that sealed it, so that no other pipeline file can open it and store unmasked
 * what had to be masked. Immutable.
 *
 * @param fields by JSON pointer (RFC 6901), or {@code attribute:<name>}; null for a field stored as it is; the weakest if several columns read it
 */
public record FieldProtection(SortedMap<String, @Nullable MaskKind> fields) {

    private static final JsonFactory JSON = new JsonFactory();

    /** Before the name of a message attribute; a pointer begins with a slash. */
    private static final String ATTRIBUTE = "attribute:";

    /** In the text: a field that is stored as it is. */
    private static final String CLEAR = "none";

    /** The protection of a pipeline. A column that is filled only by its default takes no field. */
    public static FieldProtection of(PipelineSpec spec) {
        SortedMap<String, @Nullable MaskKind> fields = new TreeMap<>();
        for (Column column : spec.columns()) {
            String pointer = source(column);
            if (pointer != null) {
                MaskKind mask = column.mask() == null ? null : column.mask().kind();
                if (!fields.containsKey(pointer) || strength(mask) < strength(fields.get(pointer))) {
                    fields.put(pointer, mask);
                }
            }
        }
        return new FieldProtection(Collections.unmodifiableSortedMap(fields));
    }

    /**
     * Parses the result of {@link #text}.
     *
     * @throws IllegalArgumentException if the text does not have that form; its message quotes nothing
     */
    public static FieldProtection parse(String text) {
        SortedMap<String, @Nullable MaskKind> fields = new TreeMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            boolean object = json.nextToken() == JsonToken.START_OBJECT;
            while (object && json.nextToken() == JsonToken.PROPERTY_NAME) {
                String pointer = json.currentName();
                json.nextToken();
                String label = json.getString();
                fields.put(
                        pointer,
                        label.equals(CLEAR)
                                ? null
                                : Labelled.find(MaskKind.values(), label)
                                        .orElseThrow(
                                                () -> new IllegalArgumentException("the name of a mask was expected")));
            }
            if (object && json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null) {
                return new FieldProtection(Collections.unmodifiableSortedMap(fields));
            }
        } catch (JacksonException noJson) {
            // reported below, in the same words
        }
        throw new IllegalArgumentException("a JSON object of field to mask was expected");
    }

    /**
     * A JSON object of JSON pointer to mask, {@code none} for a field that is stored as it is, sorted by pointer,
     * without white space. Equal protections have equal texts: originals are sealed with it as associated data.
     */
    public String text() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            fields.forEach((pointer, mask) -> json.writeStringProperty(pointer, label(mask)));
            json.writeEndObject();
        }
        return text.toString();
    }

    /**
     * The fields that another pipeline would store with less protection than this one.
     *
     * @param today the other pipeline's protection
     * @return empty if there are none
     */
    public List<Weakening> weakenedBy(FieldProtection today) {
        List<Weakening> weakenings = new ArrayList<>();
        today.fields.forEach((pointer, mask) -> {
            List<String> known = related(pointer);
            if (known.isEmpty()) {
                // An attribute that this pipeline does not read is not in its originals.
                if (!pointer.startsWith(ATTRIBUTE) && strength(mask) <= strength(MaskKind.PARTIAL)) {
                    weakenings.add(new Weakening(pointer, true, "not stored", label(mask)));
                }
                return;
            }
            MaskKind before = strongest(known);
            if (strength(mask) < strength(before)) {
                weakenings.add(new Weakening(pointer, false, label(before), label(mask)));
            }
        });
        return weakenings;
    }

    /** The field itself; if this pipeline does not take it, the fields that contain it or lie within it. */
    private List<String> related(String pointer) {
        if (fields.containsKey(pointer)) {
            return List.of(pointer);
        }
        return fields.keySet().stream()
                .filter(other -> other.startsWith(pointer + "/") || pointer.startsWith(other + "/"))
                .toList();
    }

    private @Nullable MaskKind strongest(List<String> pointers) {
        MaskKind strongest = null;
        for (String pointer : pointers) {
            MaskKind mask = fields.get(pointer);
            strongest = strength(mask) > strength(strongest) ? mask : strongest;
        }
        return strongest;
    }

    /**
     * How well a mask protects against readers of the table, and against anyone who gets the keys later. SHA-256 is
     * reversed by trying all addresses, a part of a value is in clear, a network is part of an address, a token can be
     * recovered, a keyed hash cannot, a constant reveals nothing.
     */
    private static int strength(@Nullable MaskKind mask) {
        if (mask == null) {
            return 0;
        }
        return switch (mask) {
            case SHA256 -> 1;
            case PARTIAL -> 2;
            case GENERALIZE -> 3;
            case DETERMINISTIC_AEAD -> 4;
            case KEYED_HASH -> 5;
            case REDACT -> 6;
        };
    }

    private static String label(@Nullable MaskKind mask) {
        return mask == null ? CLEAR : mask.label();
    }

    private static @Nullable String source(Column column) {
        if (column.fromAttribute() != null) {
            return ATTRIBUTE + column.fromAttribute();
        }
        return column.from() == null ? null : pointer(column.from());
    }

    private static String pointer(List<String> path) {
        return path.stream()
                .map(name -> "/" + name.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
    }
}
