package dev.sluice.mapping;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in an event that some column reads, or that lies on the way to one: the columns' paths as a tree, so that a
 * record is read in one pass and everything else is skipped. Built once, then only read.
 */
final class FieldNode {

    private final Map<String, FieldNode> children = new HashMap<>();
    private int[] columns = new int[0];

    /** @param paths per column its path; null for a column that reads nothing */
    static FieldNode of(List<@Nullable List<String>> paths) {
        FieldNode root = new FieldNode();
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
            node = node.children.computeIfAbsent(name, absent -> new FieldNode());
        }
        node.columns = Arrays.copyOf(node.columns, node.columns.length + 1);
        node.columns[node.columns.length - 1] = column;
    }

    /** The place below this one; null when no column is interested. */
    @Nullable
    FieldNode child(String name) {
        return children.get(name);
    }

    /** Whether columns look into this place rather than read it. */
    boolean hasChildren() {
        return !children.isEmpty();
    }

    /** The columns that read this place, in their order. Not to be written to. */
    int[] columns() {
        return columns;
    }
}
