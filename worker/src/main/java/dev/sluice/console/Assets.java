package dev.sluice.console;

import dev.sluice.http.Request;
import dev.sluice.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the page: its own, and the chart library from its jar. Packed where the browser takes that, since the library
 * alone is larger than the page may be. A browser keeps them, and asks whether they changed.
 */
final class Assets {

    static final String FOLDER = "/assets/";

    /** No dots but the last one's, no slash: a name leads to nothing but a file of ours. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}\\.(js|css|svg)");

    /** Without the weight 0, by which a client refuses it. */
    private static final Pattern GZIP = Pattern.compile("\\bgzip\\b(?!\\s*;\\s*q=0(\\.0*)?(\\s|,|$))");

    private static final String OWN = "/dev/sluice/console/";
    private static final String CHARTS = "chart.js";
    private static final String CHARTS_VERSION = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, Asset> loaded = new ConcurrentHashMap<>();
    private final String charts = chartsPath();

    /** An asset by the last part of the path; 304 when the browser has it. */
    Response answer(Request request) {
        String name = request.path().substring(FOLDER.length());
        return find(name)
                .map(asset -> asset.answer(request))
                .orElseGet(() -> Response.error(404, "There is no such file."));
    }

    private Optional<Asset> find(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        Asset asset = loaded.get(name);
        if (asset == null) {
            asset = load(name);
            if (asset != null) {
                loaded.put(name, asset);
            }
        }
        return Optional.ofNullable(asset);
    }

    private @Nullable Asset load(String name) {
        byte[] content = read(name.equals(CHARTS) ? charts : OWN + name);
        String suffix = name.substring(name.lastIndexOf('.') + 1);
        return content == null
                ? null
                : new Asset(content, packed(content), Objects.requireNonNull(TYPES.get(suffix)), hash(content));
    }

    /** The library's version is that of its jar on the class path. */
    private static String chartsPath() {
        try (@Nullable InputStream properties = Assets.class.getResourceAsStream(CHARTS_VERSION)) {
            Properties jar = new Properties();
            if (properties != null) {
                jar.load(properties);
            }
            return "/META-INF/resources/webjars/chart.js/" + jar.getProperty("version") + "/dist/chart.umd.js";
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The bytes of a file of the page; null if there is none. */
    static byte @Nullable [] read(String resource) {
        try (@Nullable InputStream stream = Assets.class.getResourceAsStream(resource)) {
            return stream == null ? null : stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static byte[] packed(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * @param packed the content by gzip
     * @param hash of the content; the packed form is tagged apart from the plain one (RFC 9110, 8.8.3.3)
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Asset(byte[] content, byte[] packed, String type, String hash) {

        Response answer(Request request) {
            boolean gzip = GZIP.matcher(request.header("accept-encoding")).find();
            String tag = '"' + hash + (gzip ? "-gzip" : "") + '"';
            Map<String, String> headers =
                    new HashMap<>(Map.of("ETag", tag, "Cache-Control", "no-cache", "Vary", "Accept-Encoding"));
            if (request.header("if-none-match").equals(tag)) {
                return new Response(304, type, new byte[0], headers);
            }
            if (gzip) {
                headers.put("Content-Encoding", "gzip");
            }
            return new Response(200, type, gzip ? packed : content, headers);
        }

        @Override
        public String toString() {
            return content.length + " bytes";
        }
    }
}
