package dev.sluice.yaml;

import dev.sluice.encoding.Labelled;
import dev.sluice.yaml.Problems.Location;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML mapping with the position of each entry. A getter that finds an unexpected value adds a problem and behaves as
 * if the key were absent, so that reading continues and finds the next one. A problem's text never contains a value,
 * nor what follows the name in a key: a settings file may hold a password. Not thread-safe.
 */
public final class YamlMap {

    private static final Pattern KEY_AND_VALUE = Pattern.compile("[\\w.-]+:[^\\s/]");
    private static final String BLANK_AFTER_COLON = "; put a blank after the colon";
    private static final Pattern YAML_1_1_FLAG = Pattern.compile("(?i)yes|no|on|off|y|n|true|false");

    /** {@code numeric(10,2)} between braces: the comma ends a value, so the rest of it is a key. */
    private static final Pattern TYPE_BEGIN = Pattern.compile("[a-z]+\\(\\d{1,4}");

    private static final Pattern TYPE_END = Pattern.compile("\\d{1,4}\\)");

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_./<-]{0,80}");

    private final String path;
    private final Location place;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Location> keys = new LinkedHashMap<>();
    private final Problems problems;

    private final Variables variables;
    private boolean braces;

    private YamlMap(String path, Location place, Problems problems, Variables variables) {
        this.path = path;
        this.place = place;
        this.problems = problems;
        this.variables = variables;
    }

    /**
     * Reads a document whose root is a mapping.
     *
     * @param text one YAML 1.2 document
     * @param problems receives what is wrong; of an unreadable document, what can be read is returned
     * @param variables what values may name; keys name none
     */
    public static YamlMap parse(String text, Problems problems, Variables variables) {
        YamlMap root = new YamlMap("", new Location(1, 1), problems, variables);
        YamlText.parse(text, problems).ifPresent(root::fill);
        return root;
    }

    private void fill(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            boolean lacksBlank = node instanceof ScalarNode text
                    && KEY_AND_VALUE.matcher(text.getValue()).lookingAt();
            problems.add(
                    place(node),
                    name("") + "a mapping (key: value) was expected" + (lacksBlank ? BLANK_AFTER_COLON : ""));
            return;
        }
        braces = mapping.getFlowStyle() == FlowStyle.FLOW;
        String previous = "";
        for (NodeTuple entry : mapping.getValue()) {
            Node key = entry.getKeyNode();
            if (!(key instanceof ScalarNode plainKey)) {
                problems.add(place(key), name("") + "a plain key was expected");
                continue;
            }
            String keyText = plainKey.getValue();
            if (mendUnquotedType(previous, keyText)) {
                continue;
            }
            previous = keyText;
            Location first = keys.put(keyText, place(key));
            if (first != null) {
                problems.add(place(key), name(keyText) + "the key appears twice, first on line " + first.line());
            }
            values.put(keyText, entry.getValueNode());
        }
    }

    /** Reports {@code numeric(10,2)} without quotes, and goes on as if it had them. */
    private boolean mendUnquotedType(String key, String rest) {
        if (!(values.get(key) instanceof ScalarNode begin)
                || !TYPE_BEGIN.matcher(begin.getValue()).matches()
                || !TYPE_END.matcher(rest).matches()) {
            return false;
        }
        String type = begin.getValue() + "," + rest;
        problem(key, "between braces a comma ends the value; quote it: \"" + type + "\"");
        values.put(
                key,
                new ScalarNode(Tag.STR, true, type, begin.getScalarStyle(), begin.getStartMark(), begin.getEndMark()));
        return true;
    }

    /** The keys in the file's order. */
    public Set<String> keys() {
        return keys.keySet();
    }

    /** Position of the key; that of the mapping if the key is absent. */
    private Location place(String key) {
        return keys.getOrDefault(key, place);
    }

    /** Position of the key's value; that of the mapping if there is none. */
    private Location valuePlace(String key) {
        Node node = values.get(key);
        return node == null ? place : place(node);
    }

    /** Where the key's value begins, as {@code line:column}, both from 1; that of the mapping if there is none. */
    public String position(String key) {
        Location begin = valuePlace(key);
        return begin.line() + ":" + begin.column();
    }

    /** Adds a problem with the value of {@code key}; the key's path is put before the message. */
    public void problem(String key, String message) {
        problems.add(valuePlace(key), name(key) + message);
    }

    /** Adds a problem for every key that is not among {@code known}. */
    public void allowOnly(Set<String> known) {
        for (String key : keys.keySet()) {
            if (!known.contains(key)) {
                problems.add(
                        place(key),
                        name(key) + "unknown key; known keys are " + new TreeSet<>(known)
                                + (KEY_AND_VALUE.matcher(key).lookingAt() ? BLANK_AFTER_COLON : "")
                                + (key.equals("<<") ? "; YAML 1.2 has no merge keys" : ""));
            }
        }
    }

    /** The text of a plain value of any type, without quotes; null if it is absent, {@code null} or not a plain value. */
    public @Nullable String text(String key) {
        Node node = values.get(key);
        if (node == null || Tag.NULL.equals(node.getTag())) {
            return null;
        }
        if (!(node instanceof ScalarNode plain)) {
            problem(key, "a plain value was expected");
            return null;
        }
        return expanded(plain, key);
    }

    private String expanded(ScalarNode plain, String key) {
        return variables.expand(plain.getValue(), message -> problems.add(place(plain), name(key) + message));
    }

    /** As {@link #text}, but its absence is a problem. */
    public @Nullable String requiredText(String key, String expected) {
        int before = problems.count();
        String text = text(key);
        if (text == null && problems.count() == before && !problems.isIncomplete()) {
            problems.add(place(key), name(key) + "missing; expected " + expected);
        }
        return text;
    }

    /** The constant whose label is the key's value, {@code fallback} when the key is absent; anything else is a problem. */
    public <E extends Enum<E> & Labelled> E choice(String key, E[] constants, E fallback) {
        E chosen = choice(key, constants);
        return chosen == null ? fallback : chosen;
    }

    /** The constant whose label is the key's value, null when the key is absent; anything else is a problem. */
    public <E extends Enum<E> & Labelled> @Nullable E choice(String key, E[] constants) {
        String text = text(key);
        E chosen = text == null ? null : Labelled.find(constants, text).orElse(null);
        if (text != null && chosen == null) {
            problem(key, "one of [" + labels(constants) + "] was expected");
        }
        return chosen;
    }

    /**
     * The constants whose labels are the items of the key's list; empty when the key is absent. Anything but a list, and
     * any other item, is a problem.
     */
    public <E extends Enum<E> & Labelled> Set<E> choices(String key, E[] constants) {
        Node node = values.get(key);
        if (node == null || Tag.NULL.equals(node.getTag())) {
            return Set.of();
        }
        if (!(node instanceof SequenceNode list)) {
            problem(key, "a list was expected: [" + labels(constants) + "], or some of them");
            return Set.of();
        }
        Set<E> chosen = new LinkedHashSet<>();
        for (Node item : list.getValue()) {
            E constant = item instanceof ScalarNode plain
                    ? Labelled.find(constants, expanded(plain, key)).orElse(null)
                    : null;
            if (constant == null) {
                problems.add(place(item), name(key) + "one of [" + labels(constants) + "] was expected");
            } else {
                chosen.add(constant);
            }
        }
        return chosen;
    }

    private static String labels(Labelled[] constants) {
        return Arrays.stream(constants).map(Labelled::label).collect(Collectors.joining(", "));
    }

    /** {@code true} or {@code false}; {@code fallback} when absent. */
    public boolean flag(String key, boolean fallback) {
        String text = text(key);
        if (text == null) {
            return fallback;
        }
        if (!text.equals("true") && !text.equals("false")) {
            problem(
                    key,
                    "true or false was expected"
                            + (YAML_1_1_FLAG.matcher(text).matches()
                                    ? "; YAML 1.2 reads yes, no, on and off as text"
                                    : ""));
        }
        return text.equals("true");
    }

    /** The mapping below the key; empty if absent, so that its required keys are reported as missing. */
    public YamlMap map(String key) {
        YamlMap child = new YamlMap(path(key), valuePlace(key), problems, variables);
        Node node = values.get(key);
        if (node != null && !Tag.NULL.equals(node.getTag())) {
            child.fill(node);
        }
        return child;
    }

    /** The mappings of the key's list, in order; empty if it is absent. Anything but a list of mappings is a problem. */
    public List<YamlMap> list(String key) {
        Node node = values.get(key);
        if (node == null || Tag.NULL.equals(node.getTag())) {
            return List.of();
        }
        if (!(node instanceof SequenceNode list)) {
            problem(key, "a list was expected");
            return List.of();
        }
        List<YamlMap> items = new ArrayList<>();
        for (Node item : list.getValue()) {
            String itemPath = path(key) + "[" + (items.size() + 1) + "]";
            YamlMap child = new YamlMap(itemPath, place(item), problems, variables);
            child.fill(item);
            items.add(child);
        }
        return items;
    }

    /**
     * The key's value, whatever it is, as JSON: plain numbers, {@code true}, {@code false} and {@code null} as such, all
     * other plain values as strings, objects in the file's order. Null if it is absent or has a problem.
     */
    public @Nullable String json(String key) {
        Node node = values.get(key);
        if (node == null) {
            return null;
        }
        int before = problems.count();
        String json =
                new YamlJson(variables, (part, message) -> problems.add(place(part), name(key) + message)).text(node);
        return problems.count() == before ? json : null;
    }

    /** Whether the key is present, and its value is {@code null} or missing. */
    public boolean isNull(String key) {
        Node node = values.get(key);
        return node != null && Tag.NULL.equals(node.getTag());
    }

    /** Whether the key's value is a mapping. */
    public boolean isMapping(String key) {
        return values.get(key) instanceof MappingNode;
    }

    /** Whether the key's value is a plain value, which may be null. */
    public boolean isPlain(String key) {
        return values.get(key) instanceof ScalarNode;
    }

    /** Whether the key's value is a number without quotes. */
    public boolean isNumber(String key) {
        Node node = values.get(key);
        return node != null && (Tag.INT.equals(node.getTag()) || Tag.FLOAT.equals(node.getTag()));
    }

    /**
     * The line on which the last entry begins, from 1, if it is this key's and begins a line of its own; 0 if not.
     */
    public int lineIfLast(String key) {
        boolean last =
                !braces && keys.containsKey(key) && List.copyOf(keys.keySet()).indexOf(key) == keys.size() - 1;
        return last ? place(key).line() : 0;
    }

    /** Whether a part of the file could not be parsed, so that what is missing may be there. */
    public boolean isIncomplete() {
        return problems.isIncomplete();
    }

    /** Whether the key is present, with any value. */
    public boolean has(String key) {
        return keys.containsKey(key);
    }

    private String path(String key) {
        return path.isEmpty() || key.isEmpty() ? path + shown(key) : path + "." + shown(key);
    }

    private String name(String key) {
        String full = path(key);
        return full.isEmpty() ? "" : full + ": ";
    }

    /**
     * Up to the first character that no name has: {@code password:secret}, without a blank, shows the first word only.
     */
    private static String shown(String key) {
        Matcher name = NAME.matcher(key);
        if (name.matches()) {
            return key;
        }
        return name.lookingAt() ? name.group() + "…" : "…";
    }

    private static Location place(Node node) {
        return node.getStartMark().map(YamlMap::place).orElse(new Location(1, 1));
    }

    private static Location place(Mark mark) {
        return new Location(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
