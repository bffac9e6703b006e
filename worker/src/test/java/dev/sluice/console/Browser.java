package dev.sluice.console;

import com.microsoft.playwright.Browser.NewPageOptions;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Debian's Chromium, driven by Playwright, which downloads no browser of its own: one for all tests of a JVM, in which each
 * page has a profile of its own. Collects what its console reports. For one test at a time.
 *
 * <p>Playwright makes its options lower-case by the JVM's locale. The build's is Turkish, in which no {@code LIGHT} becomes
 * {@code light}, so the tests of a browser have another one.
 */
public final class Browser {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final int PATIENCE_MILLIS = 10_000;

    private static @Nullable Browser shared;

    private final com.microsoft.playwright.Browser chromium;
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();

    private Browser(Playwright playwright) {
        chromium = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run")));
    }

    /** The one of this JVM; skips the test on a machine without Chromium. Without complaints of earlier tests. */
    public static synchronized Browser shared() {
        Assumptions.assumeTrue(Files.isExecutable(CHROMIUM), "needs " + CHROMIUM + "; .ci/run installs it");
        if (shared == null) {
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            Runtime.getRuntime().addShutdownHook(new Thread(playwright::close, "browser-close"));
            shared = new Browser(playwright);
        }
        shared.errors.clear();
        return shared;
    }

    /** A tab of its own, without a token, in the light theme and with reduced motion unless a test says otherwise. */
    Page open(MadeUpWorker worker, int width, ColorScheme scheme) {
        return open(worker, width, scheme, ReducedMotion.REDUCE);
    }

    Page open(MadeUpWorker worker, int width, ColorScheme scheme, ReducedMotion motion) {
        Page page = load(
                worker,
                new NewPageOptions()
                        .setViewportSize(width, width < 600 ? 844 : 900)
                        .setColorScheme(scheme)
                        .setReducedMotion(motion));
        page.locator("#state strong").waitFor();
        return page;
    }

    /** The same before any figure has arrived. */
    Page visit(MadeUpWorker worker) {
        return load(worker, new NewPageOptions().setViewportSize(1440, 900));
    }

    Page openWithoutScripts(MadeUpWorker worker) {
        return load(worker, new NewPageOptions().setJavaScriptEnabled(false));
    }

    /** A tab for the console of a real worker, whose clock is the real one. */
    public Page visit(String url) {
        Page page = page(new NewPageOptions().setViewportSize(1440, 900).setReducedMotion(ReducedMotion.REDUCE));
        page.navigate(url);
        return page;
    }

    private Page load(MadeUpWorker worker, NewPageOptions options) {
        Page page = page(options);
        page.clock().setFixedTime(MadeUpFigures.NOW.toEpochMilli());
        page.navigate(worker.url());
        return page;
    }

    private Page page(NewPageOptions options) {
        // The first place of each new day: what shows local time instead of UTC shows another day.
        Page page = chromium.newPage(options.setLocale("en-GB")
                .setTimezoneId("Pacific/Kiritimati")
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.onConsoleMessage(this::note);
        page.onPageError(error -> errors.add("error in a script: " + error));
        return page;
    }

    private void note(ConsoleMessage message) {
        if (message.type().equals("error") || message.type().equals("warning")) {
            errors.add(message.text());
        }
    }

    /** What the browser complained about since it was last asked: a violated policy, a failing script, a missing file. */
    public List<String> complaints() {
        List<String> since = List.copyOf(errors);
        errors.clear();
        return since;
    }
}
