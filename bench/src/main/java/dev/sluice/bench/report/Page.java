package dev.sluice.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Markdown file with blocks that a program writes, between {@code <!-- bench: NAME -->} and {@code <!-- end -->}. Whatever
 * stands outside of them is kept. Not thread-safe.
 */
public final class Page {

    private static final String END = "<!-- end -->";

    private final Path file;
    private String text;

    private Page(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /** @throws IOException if the file cannot be read */
    public static Page read(Path file) throws IOException {
        return new Page(file, Files.readString(file));
    }

    /** What a block holds; empty if there is no such block. */
    public String block(String name) {
        int begin = begin(name);
        return begin < 0 ? "" : text.substring(begin, text.indexOf(END, begin)).strip();
    }

    /** Replaces a block, or appends it at the end of the page. */
    public void put(String name, String content) {
        int begin = begin(name);
        if (begin < 0) {
            text = text.stripTrailing() + "\n\n" + marker(name) + "\n" + content.strip() + "\n" + END + "\n";
        } else {
            text = text.substring(0, begin) + "\n" + content.strip() + "\n" + text.substring(text.indexOf(END, begin));
        }
    }

    /** Writes the file. */
    public void save() throws IOException {
        Files.writeString(file, text);
    }

    private int begin(String name) {
        int marker = text.indexOf(marker(name));
        if (marker < 0 || text.indexOf(END, marker) < 0) {
            return -1;
        }
        return marker + marker(name).length();
    }

    private static String marker(String name) {
        return "<!-- bench: " + name + " -->";
    }
}
