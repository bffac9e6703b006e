package dev.sluice.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aws.PlainHttp;
import dev.sluice.bulk.FileChangedException;
import dev.sluice.bulk.SourceFile;
import dev.sluice.failure.InfrastructureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class S3FilesIT {

    private S3Stub stub;
    private S3Files files;

    @BeforeEach
    void open() throws IOException {
        stub = S3Stub.start();
        files = new S3Files(
                "us-east-1",
                Map.of("AWS_ENDPOINT_URL_S3", stub.url(), "AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "test"),
                new PlainHttp(false));
    }

    @AfterEach
    void close() {
        files.close();
        stub.close();
    }

    private void put(String key) {
        stub.put(key, key.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> list(String path) {
        return files.list(path).stream().map(SourceFile::path).toList();
    }

    @Test
    void listsAnObjectAFolderOrAPattern() {
        List.of("a/1.gz", "a/2.gz", "a/b/3.gz", "a/_SUCCESS", "a/.x/4.gz", "a/b/", "ab/5.gz", "c")
                .forEach(this::put);

        assertThat(list("s3://bucket/a"))
                .containsExactly("s3://bucket/a/1.gz", "s3://bucket/a/2.gz", "s3://bucket/a/b/3.gz");
        assertThat(list("s3://bucket/a/")).hasSize(3);
        assertThat(list("s3://bucket/a/1.gz")).containsExactly("s3://bucket/a/1.gz");
        assertThat(list("s3://bucket/a/_SUCCESS")).containsExactly("s3://bucket/a/_SUCCESS");
        assertThat(list("s3://bucket/a*/[25].gz")).containsExactly("s3://bucket/a/2.gz", "s3://bucket/ab/5.gz");
        assertThat(list("s3://bucket/a/**.gz")).hasSize(3);
        assertThat(list("s3://bucket")).hasSize(5);
        assertThat(list("s3://bucket/nothing")).isEmpty();
        assertThat(files.list("s3://bucket/c")).first().satisfies(file -> {
            assertThat(file.bytes()).isEqualTo(1);
            assertThat(file.modified()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        });
    }

    @Test
    void readsInRangesFromAnyOffset() throws IOException {
        byte[] content = new byte[2 * S3Files.RANGE_BYTES + 1_000_000];
        new Random(1).nextBytes(content);
        stub.put("large", content);
        SourceFile file = files.list("s3://bucket/large").getFirst();

        try (InputStream all = files.open(file, 0, file.bytes());
                InputStream rest = files.open(file, S3Files.RANGE_BYTES - 1, S3Files.RANGE_BYTES)) {
            assertThat(all.readAllBytes()).isEqualTo(content);
            assertThat(stub.gets()).isEqualTo(3);
            assertThat(rest.readNBytes(100))
                    .isEqualTo(
                            java.util.Arrays.copyOfRange(content, S3Files.RANGE_BYTES - 1, S3Files.RANGE_BYTES + 99));
        }
    }

    @Test
    void anotherVersionIsNotRead() throws IOException {
        put("a");
        SourceFile file = files.list("s3://bucket/a").getFirst();
        stub.put("a", "b".getBytes(StandardCharsets.UTF_8));

        try (InputStream in = files.open(file, 0, 1)) {
            assertThatThrownBy(in::read).isInstanceOf(FileChangedException.class);
        }
    }

    @Test
    void aMissingObjectIsNoOutage() throws IOException {
        SourceFile gone = new SourceFile("s3://bucket/gone", 1, "x", Instant.EPOCH);

        try (InputStream in = files.open(gone, 0, 1)) {
            assertThatThrownBy(in::read).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void aBusyServiceIsTriedAgain() throws IOException {
        put("a");
        SourceFile file = files.list("s3://bucket/a").getFirst();
        stub.fail(2);

        try (InputStream in = files.open(file, 0, 1)) {
            assertThat(in.read()).isEqualTo('a');
        }
        stub.fail(100);
        try (InputStream in = files.open(file, 0, 1)) {
            assertThatThrownBy(in::read)
                    .isInstanceOfSatisfying(InfrastructureException.class, failure -> assertThat(failure.kind())
                            .isEqualTo(InfrastructureException.Kind.TRANSIENT));
        }
    }

    @Test
    void makesAnObjectAndChangesNone() throws IOException {
        byte[] content = new byte[3_000_000];
        new Random(2).nextBytes(content);
        stub.fail(1);

        files.create("s3://bucket/a/b", content);

        assertThat(stub.object("a/b")).isEqualTo(content);
        assertThatThrownBy(() -> files.create("s3://bucket/a/b", new byte[1]))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(stub.object("a/b")).isEqualTo(content);
    }

    @Test
    void knowsItsOwnObjectWhenTheAnswerWasLost() throws IOException {
        stub.loseAnswers(1);

        files.create("s3://bucket/a", new byte[] {1});

        assertThat(stub.object("a")).containsExactly(1);
    }

    @Test
    void saysWhyNoObjectCanBeMade() {
        stub.fail(100);
        assertFails(InfrastructureException.Kind.TRANSIENT, "SlowDown");
        stub.fail(0);
        stub.deny();
        assertFails(InfrastructureException.Kind.NOT_PERMITTED, "s3:PutObject");
        stub.move();
        assertFails(InfrastructureException.Kind.CONFIG, "AWS_REGION");
        assertThat(stub.keys()).isEmpty();
    }

    private void assertFails(InfrastructureException.Kind kind, String text) {
        assertThatThrownBy(() -> files.create("s3://bucket/a", new byte[1]))
                .isInstanceOfSatisfying(InfrastructureException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(kind))
                .hasMessageContaining(text);
    }

    @Test
    void refusesWhatIsNoPlaceInS3() {
        for (String wrong : List.of("s3://", "s3://Bucket/x", "s3:///x", "s3://b")) {
            assertThatThrownBy(() -> files.list(wrong))
                    .as(wrong)
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("s3://bucket/key was expected");
        }
    }
}
