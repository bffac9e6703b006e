package dev.sluice.mapping;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A position in an event that a column reads, or that leads to one. As a tree of the columns' paths it lets a record be
 * read in one pass, with everything else skipped. Built once, then only read.
 */
final class FieldNode {

    /** The names from the root. */
    private final List<String> path;

    private final Map<String, FieldNode> children = new HashMap<>();
    private int[] columns = new int[0];

    private FieldNode(List<String> path) {
        this.path = path;
    }

    /** @param paths per column its path; null for a column that reads nothing */
    static FieldNode of(List<@Nullable List<String>> paths) {
        FieldNode root = new FieldNode(List.of());
        for (int column = 0; column < paths.size(); column++) {
            List<String> path = paths.get(column);
            if (path != null) {
                root.add(path, column);
            }
        }
        return root;
    }

    private void add(List<String> path, int column) {
        FieldNode node = this;
        for (String name : path) {
            FieldNode parent = node;
            node = node.children.computeIfAbsent(name, absent -> new FieldNode(parent.with(absent)));
        }
        node.columns = Arrays.copyOf(node.columns, node.columns.length + 1);
        node.columns[node.columns.length - 1] = column;
    }

    /** The child of this name; null if no column reads it or anything below it. */
    @Nullable
    FieldNode child(String name) {
        return children.get(name);
    }

    private List<String> with(String name) {
        return Stream.concat(path.stream(), Stream.of(name)).toList();
    }

    /** A field of the object here, as a pipeline file would write it. */
    String pointer(String name) {
        return pointer(with(name));
    }

    /** A name alone, or a JSON pointer (RFC 6901) of several. */
    static String pointer(List<String> path) {
        return path.size() == 1
                ? path.get(0)
                : path.stream()
                        .map(name -> "/" + name.replace("~", "~0").replace("/", "~1"))
                        .collect(Collectors.joining());
    }

    /** Whether columns read below this node rather than the node itself. */
    boolean hasChildren() {
        return !children.isEmpty();
    }

    /** The columns that read this node, in their order. Not to be modified. */
    int[] columns() {
        return columns;
    }
}
