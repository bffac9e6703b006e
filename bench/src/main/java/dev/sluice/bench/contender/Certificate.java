package dev.sluice.bench.contender;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A self-signed certificate for 127.0.0.1, made by the JDK's {@code keytool} for one call of {@code bench/run}.
 *
 * @param keyStore PKCS #12 with the key, for the stub queue
 * @param password of the key store
 * @param trustStore JKS with the certificate, which Java clients read without a password
 * @param pem the certificate, for other clients
 */
public record Certificate(Path keyStore, String password, Path trustStore, Path pem) {

    /** The variable by which the stub's process gets the password. */
    public static final String PASSWORD_VARIABLE = "BENCH_KEYSTORE_PASSWORD";

    private static final int PASSWORD_BITS = 128;

    /**
     * Creates the three files.
     *
     * @param folder exists
     * @throws IllegalStateException if keytool fails; the message names its log
     */
    public static Certificate create(Path folder) throws IOException, InterruptedException {
        Certificate certificate = new Certificate(
                folder.resolve("stub.p12"),
                new BigInteger(PASSWORD_BITS, new SecureRandom()).toString(Character.MAX_RADIX),
                folder.resolve("trust.jks"),
                folder.resolve("stub.pem"));
        for (Path file : List.of(certificate.keyStore, certificate.trustStore, certificate.pem)) {
            Files.deleteIfExists(file);
        }
        certificate.keytool(
                "-genkeypair",
                "-alias",
                "stub",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                certificate.keyStore.toString());
        certificate.keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "stub",
                "-keystore",
                certificate.keyStore.toString(),
                "-file",
                certificate.pem.toString());
        certificate.keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "stub",
                "-storetype",
                "JKS",
                "-keystore",
                certificate.trustStore.toString(),
                "-file",
                certificate.pem.toString());
        return certificate;
    }

    /** An option for a Java client. */
    String javaOption() {
        return "-Djavax.net.ssl.trustStore=" + trustStore;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass:env", PASSWORD_VARIABLE));
        Processes.run(
                command,
                Map.of(PASSWORD_VARIABLE, password),
                keyStore.resolveSibling("keytool.log").toFile());
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Certificate[" + pem + "]";
    }
}
