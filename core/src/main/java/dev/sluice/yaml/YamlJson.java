package dev.sluice.yaml;

import java.io.StringWriter;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes YAML values as JSON, numbers digit by digit as they stand in the file. Used once, by one thread. */
final class YamlJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** RFC 8259, section 6; YAML also takes {@code 1.} and {@code .inf}. */
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    /** Deeper than any record may be, so that a test can exceed that limit; ends an alias that contains itself. */
    private static final int MAX_DEPTH = 100;

    /** A message of 1 MiB has at most half as many; aliases can multiply a short text beyond any memory. */
    private static final int MAX_VALUES = 500_000;

    private final Variables variables;
    private final BiConsumer<Node, String> problem;
    private final StringWriter text = new StringWriter();
    private final JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text);
    private int values;

    /** @param problem receives what JSON cannot say, and where */
    YamlJson(Variables variables, BiConsumer<Node, String> problem) {
        this.variables = variables;
        this.problem = problem;
    }

    /** One JSON value without white space; not to be used if there was a problem. */
    String text(Node root) {
        try (json) {
            write(root, 0);
        }
        return text.toString();
    }

    private void write(Node node, int depth) {
        values++;
        if (depth > MAX_DEPTH || values > MAX_VALUES) {
            problem.accept(node, depth > MAX_DEPTH ? "nested too deeply" : "too large for a message");
            json.writeNull();
        } else if (node instanceof MappingNode mapping) {
            writeObject(mapping, depth);
        } else if (node instanceof SequenceNode list) {
            json.writeStartArray();
            for (Node element : list.getValue()) {
                write(element, depth + 1);
            }
            json.writeEndArray();
        } else if (node instanceof ScalarNode plain) {
            writePlain(plain);
        }
    }

    private void writeObject(MappingNode mapping, int depth) {
        Set<String> names = new HashSet<>();
        json.writeStartObject();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode name)) {
                problem.accept(entry.getKeyNode(), "a plain key was expected");
                continue;
            }
            if (!names.add(name.getValue())) {
                problem.accept(name, "the key appears twice; write JSON within quotes if it is meant to");
            }
            json.writeName(name.getValue());
            write(entry.getValueNode(), depth + 1);
        }
        json.writeEndObject();
    }

    private void writePlain(ScalarNode plain) {
        String value = plain.getValue();
        Tag tag = plain.getTag();
        if (Tag.NULL.equals(tag)) {
            json.writeNull();
        } else if (Tag.BOOL.equals(tag)) {
            json.writeBoolean(value.equals("true"));
        } else if (Tag.INT.equals(tag) || Tag.FLOAT.equals(tag)) {
            writeNumber(plain, value);
        } else {
            json.writeString(variables.expand(value, message -> problem.accept(plain, message)));
        }
    }

    private void writeNumber(ScalarNode plain, String value) {
        if (NUMBER.matcher(value).matches()) {
            json.writeNumber(value);
        } else {
            problem.accept(plain, "not a number in JSON; quote it for a text");
            json.writeNull();
        }
    }
}
