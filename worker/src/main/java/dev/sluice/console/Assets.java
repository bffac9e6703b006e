package dev.sluice.console;

import dev.sluice.http.Request;
import dev.sluice.http.Response;
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
import org.jspecify.annotations.Nullable;

/** The files of the page: its own, and the chart library from its jar. A browser keeps them, and asks whether they changed. */
final class Assets {

    static final String FOLDER = "/assets/";

    /** No dots but the last one's, no slash: a name leads to nothing but a file of ours. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}\\.(js|css|svg)");

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
                .map(asset -> asset.answer(request.header("if-none-match")))
                .orElseGet(() -> Response.error(404, "There is no such file."));
    }

    private Optional<Asset> find(String name) {
        return NAME.matcher(name).matches()
                ? Optional.ofNullable(loaded.computeIfAbsent(name, this::load))
                : Optional.empty();
    }

    private @Nullable Asset load(String name) {
        byte[] content = read(name.equals(CHARTS) ? charts : OWN + name);
        String suffix = name.substring(name.lastIndexOf('.') + 1);
        return content == null
                ? null
                : new Asset(content, Objects.requireNonNull(TYPES.get(suffix)), '"' + hash(content) + '"');
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

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** @param tag changes with the content */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Asset(byte[] content, String type, String tag) {

        Response answer(String known) {
            Map<String, String> headers = new HashMap<>(Map.of("ETag", tag, "Cache-Control", "no-cache"));
            return known.equals(tag)
                    ? new Response(304, type, new byte[0], headers)
                    : new Response(200, type, content, headers);
        }

        @Override
        public String toString() {
            return content.length + " bytes";
        }
    }
}
