package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.sandbox.Sandbox;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox as the worker sees it: found by name, spoken to over JDBC and HTTP, gone without a trace. */
class SandboxIT {

    @Test
    void servesDatabaseAndQueueAndLeavesNothingBehind() throws Exception {
        List<Path> foldersBefore = folders();
        List<Long> processesBefore = postgresProcesses();
        Sandbox sandbox = ServiceLoader.load(Sandbox.Provider.class)
                .findFirst()
                .orElseThrow()
                .start();
        try (sandbox) {
            assertThat(folders()).hasSize(foldersBefore.size() + 1);
            assertThat(postgresProcesses()).hasSizeGreaterThan(processesBefore.size());
            assertThat(query(
                            sandbox.databaseUrl(),
                            "SELECT current_setting('is_superuser') || count(*) FROM pg_tables"
                                    + " WHERE schemaname = 'public'"))
                    .isEqualTo("off0");
            assertThat(call(sandbox.sqsEndpoint(), "CreateQueue", "{\"QueueName\":\"login-queue\"}")
                            .body())
                    .contains(sandbox.sqsEndpoint() + "/000000000000/login-queue");
        }
        sandbox.close();

        assertThat(folders()).isEqualTo(foldersBefore);
        assertThat(postgresProcesses()).isEqualTo(processesBefore);
        assertThatThrownBy(() -> query(sandbox.databaseUrl(), "SELECT 1")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> call(sandbox.sqsEndpoint(), "ListQueues", "{}"))
                .isInstanceOf(ConnectException.class);
    }

    /** For the worker's tests; all others here decompress. */
    @Test
    void servesFromBinariesThatAreKeptUnpackedAndLeavesThemAsTheyWere(@TempDir Path kept) throws Exception {
        System.setProperty(PostgresBinaries.KEPT, kept.toString());
        try {
            for (int server = 0; server < 2; server++) {
                try (PostgresServer postgres = PostgresServer.start()) {
                    assertThat(query(postgres.createDatabase(), "SELECT 'there'"))
                            .isEqualTo("there");
                }
                try (Stream<Path> folders = Files.list(kept)) {
                    assertThat(folders).singleElement().satisfies(folder -> assertThat(folder)
                            .isDirectoryContaining(file -> file.endsWith("bin"))
                            .isDirectoryNotContaining(file -> file.endsWith("data")));
                }
            }
        } finally {
            System.clearProperty(PostgresBinaries.KEPT);
        }
    }

    @Test
    void givesEveryTestItsOwnDatabaseAndQueues() throws Exception {
        try (PostgresServer postgres = PostgresServer.start();
                SqsServer first = SqsServer.start();
                SqsServer second = SqsServer.start()) {
            assertThat(query(postgres.createDatabase(), "SELECT current_database()"))
                    .isEqualTo("sluice_1");
            assertThat(query(postgres.createDatabase(), "SELECT current_database()"))
                    .isEqualTo("sluice_2");
            call(first.endpoint(), "CreateQueue", "{\"QueueName\":\"mine\"}");
            assertThat(call(second.endpoint(), "ListQueues", "{}").body()).doesNotContain("mine");
        }
    }

    @Test
    void closesInInterruptedThreadAndKeepsTheInterrupt() throws IOException {
        PostgresServer postgres = PostgresServer.start();
        Thread.currentThread().interrupt();
        postgres.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(postgres.folder()).doesNotExist();
    }

    private static String query(String databaseUrl, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(databaseUrl));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static HttpResponse<String> call(URI endpoint, String action, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AmazonSQS." + action)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("sluice-postgres-"))
                    .sorted()
                    .toList();
        }
    }

    /** By the command's path, since the server is no child of this JVM; those of other builds lie elsewhere. */
    private static List<Long> postgresProcesses() {
        String home = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath() + "/sluice-postgres-";
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(path -> path.startsWith(home))
                        .isPresent())
                .map(ProcessHandle::pid)
                .sorted()
                .toList();
    }
}
