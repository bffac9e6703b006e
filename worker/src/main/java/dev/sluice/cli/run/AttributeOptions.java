package dev.sluice.cli.run;

import dev.sluice.mapping.Attribute;
import dev.sluice.mapping.Attributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Message attributes that every message of a file gets, as a mixin. */
final class AttributeOptions {

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Option(
            names = "--attribute",
            paramLabel = "NAME[:Number]=VALUE",
            description =
                    "A message attribute of each message: a String, or a Number. Can be repeated, up to 10 times.")
    List<String> given = List.of();

    /** The attributes; a malformed one is a usage error, which does not quote it. */
    Attributes value() {
        return Attributes.of(byName());
    }

    /** The same and the message group, as a worker receives them. */
    Attributes value(@Nullable String groupId) {
        Map<String, Attribute> byName = byName();
        if (groupId != null) {
            byName.put(Attribute.MESSAGE_GROUP, new Attribute(Attribute.Type.STRING, groupId));
        }
        return Attributes.of(byName);
    }

    private Map<String, Attribute> byName() {
        Map<String, Attribute> byName = new TreeMap<>();
        for (String text : given) {
            int equals = text.indexOf('=');
            int colon = text.lastIndexOf(':', equals);
            String name = text.substring(0, Math.max(0, colon < 0 ? equals : colon));
            String type = colon < 0 ? "String" : text.substring(colon + 1, equals);
            if (byName.put(name, attribute(name, type, text.substring(equals + 1))) != null) {
                throw usageError("two have the same name");
            }
        }
        if (byName.size() > Attributes.MAX_PER_MESSAGE) {
            throw usageError("a message has at most " + Attributes.MAX_PER_MESSAGE);
        }
        return byName;
    }

    private Attribute attribute(String name, String dataType, String value) {
        Attribute.Type type = Attribute.Type.of(dataType);
        @Nullable String problem = Attribute.nameProblem(name);
        if (problem != null) {
            throw usageError(problem);
        }
        if (type == Attribute.Type.BINARY) {
            throw usageError("the type String or Number was expected");
        }
        if (value.isEmpty()) {
            throw usageError("a value was expected: SQS takes no empty one");
        }
        return new Attribute(type, value);
    }

    private ParameterException usageError(String problem) {
        return new ParameterException(command.commandLine(), "--attribute: " + problem);
    }
}
