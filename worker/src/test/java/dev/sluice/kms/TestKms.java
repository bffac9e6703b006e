package dev.sluice.kms;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A KMS that speaks the JSON protocol over HTTP and encrypts for real, AES-GCM under a key per ARN with the encryption
 * context authenticated; any ARN has a key. Records its calls. Thread-safe.
 */
public final class TestKms implements AutoCloseable {

    public static final String KEY = "arn:aws:kms:eu-central-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e";
    public static final String OTHER_KEY = "arn:aws:kms:eu-central-1:111122223333:key/mrk-0cb9";

    private static final int IV_BYTES = 12;

    private final HttpServer server;
    private final List<String> operations = new CopyOnWriteArrayList<>();
    private final List<String> signatures = new CopyOnWriteArrayList<>();
    private volatile @Nullable String fault;
    private volatile int faultStatus;
    private volatile @Nullable String impostor;

    public TestKms() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** What a process needs to find it. */
    public Map<String, String> environment() {
        return Map.of("AWS_ENDPOINT_URL_KMS", endpoint(), "AWS_ACCESS_KEY_ID", "AKIDX", "AWS_SECRET_ACCESS_KEY", "s");
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers everything with this error from now on; null for none. */
    public TestKms failing(int status, @Nullable String code) {
        faultStatus = status;
        fault = code;
        return this;
    }

    /** Names another key in its answers than the one that it used. */
    TestKms answeringAs(String arn) {
        impostor = arn;
        return this;
    }

    /** {@code Encrypt} and {@code Decrypt}, in order. */
    public List<String> operations() {
        return List.copyOf(operations);
    }

    /** The Authorization header of each call, in order; it names the access key. */
    public List<String> signatures() {
        return List.copyOf(signatures);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target").replace("TrentService.", "");
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        operations.add(operation);
        signatures.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        String code = fault;
        if (code != null) {
            send(exchange, faultStatus, error(code));
            return;
        }
        try {
            send(exchange, 200, operation.equals("Encrypt") ? encrypted(request) : decrypted(request));
        } catch (AEADBadTagException notOurs) {
            send(exchange, 400, error("InvalidCiphertextException"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String encrypted(String request) throws GeneralSecurityException {
        byte[] iv = new byte[IV_BYTES];
        new SecureRandom().nextBytes(iv);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, request, iv).doFinal(bytes(request, "Plaintext"));
        byte[] blob = ByteBuffer.allocate(IV_BYTES + sealed.length)
                .put(iv)
                .put(sealed)
                .array();
        return answer(request, "CiphertextBlob", blob);
    }

    private String decrypted(String request) throws GeneralSecurityException {
        byte[] blob = bytes(request, "CiphertextBlob");
        byte[] clear = cipher(Cipher.DECRYPT_MODE, request, Arrays.copyOf(blob, IV_BYTES))
                .doFinal(blob, IV_BYTES, blob.length - IV_BYTES);
        return answer(request, "Plaintext", clear);
    }

    private String answer(String request, String name, byte[] bytes) {
        String arn = impostor == null ? text(request, "KeyId") : impostor;
        return "{\"KeyId\":\"" + arn + "\",\"" + name + "\":\""
                + Base64.getEncoder().encodeToString(bytes) + "\"}";
    }

    private static Cipher cipher(int mode, String request, byte[] iv) throws GeneralSecurityException {
        byte[] key = MessageDigest.getInstance("SHA-256")
                .digest(text(request, "KeyId").getBytes(StandardCharsets.UTF_8));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
        cipher.updateAAD(text(request, "sluice-pipeline").getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static byte[] bytes(String request, String name) {
        return Base64.getDecoder().decode(text(request, name));
    }

    private static String text(String request, String name) {
        Matcher member = Pattern.compile('"' + name + "\":\"([^\"]*)\"").matcher(request);
        if (!member.find()) {
            throw new IllegalArgumentException("the request has no " + name);
        }
        return member.group(1);
    }

    private static String error(String code) {
        return "{\"__type\":\"" + code + "\",\"message\":\"secret text\"}";
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
