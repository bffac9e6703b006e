package dev.sluice.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    @Test
    void readsLinesWithTheirOffsets() throws IOException, UnreadableFileException {
        LineReader reader = reader("one\n\nthree\r\nfour", 0, Long.MAX_VALUE);

        assertThat(text(next(reader))).isEqualTo("one");
        assertThat(reader.offset()).isZero();
        assertThat(text(next(reader))).isEmpty();
        assertThat(reader.offset()).isEqualTo(4);
        assertThat(text(next(reader))).isEqualTo("three");
        assertThat(text(next(reader))).isEqualTo("four");
        assertThat(reader.offset()).isEqualTo(12);
        assertThat(reader.next()).isNull();
        assertThat(reader.count()).isEqualTo(4);
    }

    @Test
    void leavesAByteOrderMarkOutAtTheBeginOnly() throws IOException, UnreadableFileException {
        LineReader reader = reader("\uFEFFone\n\uFEFFtwo", 0, Long.MAX_VALUE);

        assertThat(text(next(reader))).isEqualTo("one");
        assertThat(text(next(reader))).isEqualTo("\uFEFFtwo");
    }

    /** However a file is cut, each line is in one part. */
    @Test
    void partsSideBySideHaveEachLineOnce() throws IOException, UnreadableFileException {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            String file = file(random);
            int split = 1 + random.nextInt(12);
            List<String> lines = new ArrayList<>();
            for (int start = 0; start < file.length(); start += split) {
                LineReader reader = reader(file, start, Math.min(file.length(), start + split));
                for (byte[] line = reader.next(); line != null; line = reader.next()) {
                    assertThat(reader.offset()).isBetween((long) start, start + split - 1L);
                    lines.add(text(line));
                }
            }
            assertThat(lines)
                    .as("%s in parts of %s", file.replace("\n", "|"), split)
                    .isEqualTo(linesOf(file));
        }
    }

    private static String file(Random random) {
        StringBuilder file = new StringBuilder();
        int length = random.nextInt(40);
        for (int i = 0; i < length; i++) {
            file.append(random.nextInt(4) == 0 ? '\n' : (char) ('a' + random.nextInt(26)));
        }
        return file.toString();
    }

    private static List<String> linesOf(String file) {
        if (file.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of(file.split("\n", -1)));
        if (file.endsWith("\n")) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    @Test
    void aLineMayBeLargerThanAPart() throws IOException, UnreadableFileException {
        String file = "x".repeat(3_000_000) + "\nend\n";

        assertThat(reader(file, 0, 1_000_000).next()).hasSize(3_000_000);
        assertThat(reader(file, 1_000_000, 2_000_000).next()).isNull();
        assertThat(text(next(reader(file, 3_000_000, file.length())))).isEqualTo("end");
    }

    @Test
    void aLineBeyondTheLimitIsNoNdjson() {
        String file = "x".repeat(LineReader.MAX_LINE_BYTES + 300_000);

        assertThatThrownBy(() -> reader(file, 0, file.length()).next())
                .isInstanceOf(UnreadableFileException.class)
                .hasMessage("the line at byte 0 is longer than 16 MiB; one JSON value per line was expected (NDJSON)");
    }

    @Test
    void aFileThatEndsEarlierHasChanged() {
        byte[] bytes = bytes("one\ntwo\n");

        assertThatThrownBy(() -> {
                    LineReader reader = new LineReader(new ByteArrayInputStream(bytes), 0, 20, 20);
                    while (reader.next() != null) {
                        // to the end
                    }
                })
                .isInstanceOf(FileChangedException.class);
    }

    private static LineReader reader(String file, long start, long end) {
        byte[] bytes = bytes(file);
        int first = (int) LineReader.firstByte(start);
        InputStream in = new ByteArrayInputStream(bytes, first, bytes.length - first);
        return new LineReader(in, start, end, bytes.length);
    }

    private static byte[] next(LineReader reader) throws IOException, UnreadableFileException {
        return Objects.requireNonNull(reader.next());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] line) {
        return new String(line, StandardCharsets.UTF_8);
    }
}
