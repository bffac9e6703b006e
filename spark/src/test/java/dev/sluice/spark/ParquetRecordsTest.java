package dev.sluice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bulk.SourceFile;
import dev.sluice.bulk.Unit;
import dev.sluice.bulk.UnitRecords;
import dev.sluice.bulk.UnreadableFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetRecordsTest {

    private static final int ROWS = 1_000;

    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType(
            "message login { required binary user_id (STRING); required int64 at; }");

    private final Configuration configuration = new Configuration(false);
    private Path file;

    @BeforeEach
    void write(@TempDir Path folder) throws IOException {
        configuration.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
        configuration.set("fs.failing.impl", FailingFileSystem.class.getName());
        file = folder.resolve("a.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
                .withConf(configuration)
                .withType(SCHEMA)
                .withDictionaryEncoding(false)
                .build()) {
            for (int i = 0; i < ROWS; i++) {
                Group row = new SimpleGroup(SCHEMA);
                row.add("user_id", "canary-" + i);
                row.add("at", (long) i);
                writer.write(row);
            }
        }
    }

    private int read(String scheme) throws IOException, UnreadableFileException {
        HadoopFiles files = new HadoopFiles(configuration);
        SourceFile found = files.list(scheme + ":" + file).get(0);
        try (UnitRecords records = ParquetRecords.open(files, configuration, new Unit(0, found, 0, found.bytes()))) {
            int rows = 0;
            for (byte[] row = records.next(); row != null; row = records.next()) {
                assertThat(new String(row, StandardCharsets.UTF_8))
                        .isEqualTo("{\"user_id\":\"canary-" + rows + "\",\"at\":" + rows + "}");
                rows++;
            }
            return rows;
        }
    }

    private void assertDamaged() {
        assertThatThrownBy(() -> read("file"))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessage("it is damaged: not Parquet as its name says, or not to its end")
                .hasNoCause();
    }

    @Test
    void returnsEachRow() throws Exception {
        assertThat(read("file")).isEqualTo(ROWS);
    }

    @Test
    void refusesAFileThatIsNotParquet() throws IOException {
        Files.writeString(file, "{\"user_id\":\"canary\"}\n".repeat(100));

        assertDamaged();
    }

    @Test
    void refusesAFileWithoutItsEnd() throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length / 2));

        assertDamaged();
    }

    @Test
    void refusesAFileWhoseDataWasAltered() throws IOException {
        byte[] content = Files.readAllBytes(file);
        String text = new String(content, StandardCharsets.ISO_8859_1);
        content[text.indexOf("canary-500")] ^= 1;
        Files.write(file, content);

        assertDamaged();
    }

    @Test
    void refusesAFileWhoseDirectoryWasAltered() throws IOException {
        byte[] content = Files.readAllBytes(file);
        Arrays.fill(content, content.length - 120, content.length - 60, (byte) 0x7f);
        Files.write(file, content);

        assertDamaged();
    }

    @Test
    void reportsAStoreThatFailsAsSuch() {
        assertThatThrownBy(() -> read("failing"))
                .isInstanceOf(IOException.class)
                .hasMessage("the store is away");
    }
}
