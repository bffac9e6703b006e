package dev.sluice.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What another user of this machine, and a login of the sandbox's database, can not do. */
class SandboxDoorsIT {

    private static final String NO_PASSWORD = "08004";
    private static final String WRONG_PASSWORD = "28P01";
    private static final String NOT_PERMITTED = "42501";

    private static PostgresServer postgres;
    private static String database;

    @BeforeAll
    static void start() {
        postgres = PostgresServer.start();
        database = postgres.createDatabase();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "sluice"})
    void refusesWhoHasNoPassword(String user) {
        assertThatThrownBy(() -> DriverManager.getConnection(address() + "?user=" + user))
                .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                        .isEqualTo(NO_PASSWORD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "sluice"})
    void refusesWhoGuessesThePassword(String user) {
        assertThatThrownBy(() -> DriverManager.getConnection(address(), user, user))
                .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                        .isEqualTo(WRONG_PASSWORD));
    }

    @Test
    void ownerIsNoSuperuserAndReachesNoFileAndNoProgram() throws SQLException {
        assertThat(query(
                        database,
                        "SELECT rolsuper OR rolbypassrls OR rolreplication FROM pg_roles WHERE rolname = current_user"))
                .containsExactly("f");
        for (String sql : List.of(
                "COPY stolen FROM PROGRAM 'id'",
                "COPY stolen FROM '/etc/hostname'",
                "SELECT pg_read_file('postgresql.conf')",
                "ALTER ROLE sluice SUPERUSER",
                "SET ROLE postgres")) {
            assertThatThrownBy(() -> query(database, "CREATE TEMPORARY TABLE stolen (line text)", sql))
                    .as(sql)
                    .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                            .isEqualTo(NOT_PERMITTED));
        }
    }

    @Test
    void administratorReadsNoFileOfRoot(@TempDir Path folder) throws Exception {
        assumeRoot();
        Path keys = Files.writeString(folder.resolve("demo.keys.json"), "key material");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        // Counted by the program, so that a failure prints nothing of them.
        String read = "COPY stolen FROM PROGRAM 'cat /etc/shadow " + keys + " 2>/dev/null | wc -c; id -u'";

        List<String> seen = query(
                postgres.administratorUrl(database),
                "CREATE TEMPORARY TABLE stolen (line text)",
                read,
                "SELECT line FROM stolen");

        assertThat(seen).hasSize(2).first().isEqualTo("0");
        assertThat(seen).last().isNotEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({"setpriv, WARN", "unshare, /"})
    void warnsIfItKeepsRootsRightsOverFiles(String missing, String begins, @TempDir Path folder) throws Exception {
        assumeRoot();
        Path program = Files.writeString(folder.resolve(missing), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder builder = ServeUntilKilled.process();
        builder.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);

        Process jvm = builder.start();
        try (BufferedReader lines = jvm.inputReader(UTF_8)) {
            assertThat(lines.readLine()).startsWith(begins);
        } finally {
            jvm.destroyForcibly();
        }
    }

    @Test
    void serverInheritsNoVariableOfTheCaller() throws SQLException {
        assertThat(query(
                        postgres.administratorUrl(database),
                        "CREATE TEMPORARY TABLE stolen (line text)",
                        "COPY stolen FROM PROGRAM 'env'",
                        "SELECT line FROM stolen WHERE line !~ '^(PATH|LC_|PG|PWD|OLDPWD|SHLVL|_)'"))
                .isEmpty();
    }

    @Test
    void noPasswordStandsInACommandLineOrAFile() throws IOException {
        List<String> passwords = List.of(password(database), password(postgres.administratorUrl(database)));

        assertThat(passwords).doesNotHaveDuplicates().allSatisfy(word -> assertThat(word)
                .hasSizeGreaterThanOrEqualTo(32));
        assertThat(commandLines()).isNotEmpty().noneMatch(line -> passwords.stream()
                .anyMatch(line::contains));
        assertThat(filesBesideTheData()).isNotEmpty().noneMatch(file -> passwords.stream()
                .anyMatch(content(file)::contains));
    }

    @Test
    void dataIsTheServersAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(postgres.folder())))
                .endsWith("---");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(postgres.folder().resolve("data"))))
                .isEqualTo("rwx------");
    }

    @Test
    void neitherServerAnswersOnAnAddressThatOthersReach() throws Exception {
        try (SqsServer sqs = SqsServer.start()) {
            for (int port :
                    List.of(URI.create(database).getPort(), sqs.endpoint().getPort())) {
                for (InetAddress address : addressesOfThisMachine()) {
                    assertThatThrownBy(() -> connect(address, port))
                            .as(address + " " + port)
                            .isInstanceOf(ConnectException.class);
                }
                connect(InetAddress.getLoopbackAddress(), port);
            }
        }
    }

    private static void connect(InetAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 5_000);
        }
    }

    private static List<InetAddress> addressesOfThisMachine() throws IOException {
        List<InetAddress> addresses = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
        assumeThat(addresses).as("addresses besides loopback").isNotEmpty();
        return addresses;
    }

    /** Root, in a folder that other users reach: only then can the server be started as another user. */
    private static void assumeRoot() throws IOException {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isEqualTo(0);
        for (Path parent = postgres.folder().getParent(); parent != null; parent = parent.getParent()) {
            assumeThat(Files.getPosixFilePermissions(parent)).contains(PosixFilePermission.OTHERS_EXECUTE);
        }
    }

    private static String address() {
        URI url = URI.create(database);
        return "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath();
    }

    private static String password(String url) {
        return URI.create(url).getUserInfo().split(":", 2)[1];
    }

    private static List<String> commandLines() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    lines.add(Files.readString(process.resolve("cmdline"), ISO_8859_1));
                } catch (IOException ended) {
                    lines.add("");
                }
            }
        }
        return lines;
    }

    private static List<Path> filesBesideTheData() throws IOException {
        try (Stream<Path> files = Files.list(postgres.folder())) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The first column of what the last statement answers. */
    private static List<String> query(String url, String... statements) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(url));
                Statement statement = connection.createStatement()) {
            boolean rows = false;
            for (String sql : statements) {
                rows = statement.execute(sql);
            }
            ResultSet found = rows ? statement.getResultSet() : null;
            while (found != null && found.next()) {
                values.add(found.getString(1));
            }
        }
        return values;
    }
}
