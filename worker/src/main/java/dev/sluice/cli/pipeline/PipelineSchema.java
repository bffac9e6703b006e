package dev.sluice.cli.pipeline;

import dev.sluice.mapping.SpecKey;
import dev.sluice.mapping.SpecSection;
import dev.sluice.mapping.SpecValue;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * The JSON Schema (draft 2020-12) of a pipeline file, generated from {@link SpecKey}. It serves editors: names, shapes and
 * meanings. What depends on two keys, such as a mask's width, only {@code sluice pipeline validate} finds.
 */
final class PipelineSchema {

    /** {@code ${NAME}} is expanded before the file is read, and may give any part of a value. */
    private static final String OR_VARIABLE = "|.*\\$\\{.+\\}.*";

    private final JsonGenerator json;

    private PipelineSchema(JsonGenerator json) {
        this.json = json;
    }

    /** The schema as indented JSON, which ends with a line break. */
    static String text() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(new Indented(), text)) {
            new PipelineSchema(json).write();
        }
        return text + "\n";
    }

    private void write() {
        json.writeStartObject();
        json.writeStringProperty("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.writeStringProperty("title", "Sluice pipeline");
        object(SpecSection.ROOT);
        json.writeObjectPropertyStart("$defs");
        for (SpecSection section : SpecSection.values()) {
            if (section != SpecSection.ROOT) {
                json.writeObjectPropertyStart(name(section));
                object(section);
                json.writeEndObject();
            }
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String name(SpecSection section) {
        return section.name().toLowerCase(Locale.ROOT);
    }

    private void object(SpecSection section) {
        List<SpecKey> keys = section.keys();
        json.writeStringProperty("type", "object");
        json.writeBooleanProperty("additionalProperties", false);
        array(
                "required",
                keys.stream().filter(SpecKey::required).map(SpecKey::key).toList());
        json.writeObjectPropertyStart("properties");
        keys.forEach(this::property);
        json.writeEndObject();
    }

    private void property(SpecKey key) {
        json.writeObjectPropertyStart(key.key());
        json.writeStringProperty("description", key.description());
        shape(key.value());
        String fallback = key.fallback();
        if (fallback != null && key.value() instanceof SpecValue.Flag) {
            json.writeBooleanProperty("default", Boolean.parseBoolean(fallback));
        } else if (fallback != null) {
            json.writeStringProperty("default", fallback);
        }
        json.writeEndObject();
    }

    private void shape(SpecValue value) {
        switch (value) {
            case SpecValue.Text text -> text(text);
            case SpecValue.Choice choice -> array("enum", choice.words());
            case SpecValue.Choices choices -> {
                json.writeStringProperty("type", "array");
                json.writeObjectPropertyStart("items");
                array("enum", choices.words());
                json.writeEndObject();
            }
            case SpecValue.Flag flag -> json.writeStringProperty("type", "boolean");
            case SpecValue.Mapping mapping -> reference(mapping.section());
            case SpecValue.Named named -> {
                json.writeStringProperty("type", "object");
                json.writeNumberProperty("minProperties", 1);
                json.writeObjectPropertyStart("propertyNames");
                json.writeStringProperty("pattern", whole(named.name()));
                json.writeEndObject();
                json.writeObjectPropertyStart("additionalProperties");
                reference(named.section());
                json.writeEndObject();
            }
        }
    }

    private void text(SpecValue.Text text) {
        Pattern pattern = text.pattern();
        if (pattern == null) {
            // The text of a plain value counts, whatever YAML takes it for.
            array("type", List.of("string", "number", "boolean"));
        } else {
            json.writeStringProperty("type", "string");
            json.writeStringProperty("pattern", whole(Pattern.compile(pattern + OR_VARIABLE)));
        }
    }

    private void reference(SpecSection section) {
        json.writeStringProperty("$ref", "#/$defs/" + name(section));
    }

    private void array(String name, List<String> words) {
        json.writeArrayPropertyStart(name);
        words.forEach(json::writeString);
        json.writeEndArray();
    }

    /** JSON Schema searches for a pattern anywhere in the text. */
    private static String whole(Pattern pattern) {
        return "^(?:" + pattern + ")$";
    }

    /** Two blanks per level, line feeds on every system. */
    private static final class Indented extends ObjectWriteContext.Base {

        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
