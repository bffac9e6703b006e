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
import org.junit.jupiter.api.Assumptions;

/** Debian's Chromium, driven by Playwright, which downloads no browser of its own. Collects what its console reports. */
final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();

    Browser() {
        Assumptions.assumeTrue(Files.isExecutable(CHROMIUM), "needs " + CHROMIUM + "; .ci/run installs it");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
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

    private Page load(MadeUpWorker worker, NewPageOptions options) {
        // The first place of each new day: what shows local time instead of UTC shows another day.
        Page page = chromium.newPage(options.setLocale("en-GB")
                .setTimezoneId("Pacific/Kiritimati")
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        page.setDefaultTimeout(10_000);
        page.onConsoleMessage(this::note);
        page.onPageError(error -> errors.add("error in a script: " + error));
        page.clock().setFixedTime(MadeUpFigures.NOW.toEpochMilli());
        page.navigate(worker.url());
        return page;
    }

    private void note(ConsoleMessage message) {
        if (message.type().equals("error") || message.type().equals("warning")) {
            errors.add(message.text());
        }
    }

    /** What the browser complained about since it was last asked: a violated policy, a failing script, a missing file. */
    List<String> complaints() {
        List<String> since = List.copyOf(errors);
        errors.clear();
        return since;
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
