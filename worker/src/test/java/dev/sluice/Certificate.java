package dev.sluice;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key pair with a certificate that it signed itself, made by the JDK's keytool.
 *
 * @param file the certificate's
 * @param keys both
 */
public record Certificate(Path file, String pem, String keyPem, KeyStore keys) {

    private static final char[] PASSWORD = "changeit".toCharArray();

    /** @param names as keytool's extension {@code san} takes them: {@code dns:localhost,ip:127.0.0.1} */
    public static Certificate of(Path folder, String alias, String names)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve(alias + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        alias,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + alias,
                        "-validity",
                        "2",
                        "-ext",
                        "san=" + names,
                        "-ext",
                        "bc=ca:true",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(alias + ".log").toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed: " + Files.readString(folder.resolve(alias + ".log")));
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        String pem = pem("CERTIFICATE", keys.getCertificate(alias).getEncoded());
        String keyPem = pem("PRIVATE KEY", keys.getKey(alias, PASSWORD).getEncoded());
        return new Certificate(Files.writeString(folder.resolve(alias + ".crt"), pem), pem, keyPem, keys);
    }

    /** Of a server that presents this certificate, and of a client that trusts no other. */
    public SSLContext context() throws GeneralSecurityException {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + label + "-----";
    }
}
