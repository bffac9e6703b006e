package dev.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first screen says in words and shapes what the worker does, and follows it. */
@Tag("browser")
@DefaultLocale("en") // see Browser
class StatesBrowserIT {

    private static MadeUpWorker worker;
    private static Browser browser;

    @BeforeAll
    static void open() throws IOException {
        browser = Browser.shared();
        worker = new MadeUpWorker();
    }

    @AfterAll
    static void close() {
        if (worker != null) {
            worker.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            RUNNING           | Running           | 412 events stored per second, half of them within 180 ms. 1,204 messages wait. |
            IDLE              | Idle              | The queue is empty; last event stored 14:03:22 UTC. |
            CIRCUIT_OPEN      | Circuit open      | Nothing flows, and nothing is lost: 4,096 messages wait in the queue. | Could not check the database at sluice@db.internal:5432/events: the connection was refused, SQLSTATE 08001. Since 14:03:22 UTC nothing is received; 4,096 messages wait safely in the queue. Next try in 12 s. Check that it is running and accepts TCP connections there.
            QUEUE_UNREACHABLE | Queue unreachable | Nothing arrives: the queue does not answer. | Could not receive from login-queue: the connection timed out. Since 14:03:22 UTC nothing can be received; the queue keeps its messages. Next try in 12 s. Check the endpoint and the network.
            DRAINING          | Draining          | Finishing 36 records in flight. | Shutting down since 14:03:22 UTC: nothing new is received, 36 records in flight are finished first.
            FIRST_START       | Starting          | Ready. Nothing has been received yet. |
            HUGE              | Running           | 9.67 M events stored per second, half of them within 180 ms. 123 M messages wait. |
            """)
    void saysTheStateInWords(Scene scene, String word, String headline, @Nullable String banner) {
        try (Page page = open(scene)) {
            assertThat(page.locator("#state strong").textContent()).isEqualTo(word);
            assertThat(page.locator("#state svg.shape").count()).isOne();
            page.locator(".headline", new Page.LocatorOptions().setHasText(headline))
                    .waitFor();
            assertThat(String.join(" ", page.locator(".banner p").allTextContents())
                            .strip())
                    .isEqualTo(banner == null ? "" : banner);
            page.locator(".needs li").first().waitFor();
            assertThat(page.evaluate("document.documentElement.scrollHeight"))
                    .as("no scrolling")
                    .isEqualTo(900);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void closesTheGateBeforeWhatFails() {
        try (Page page = open(Scene.CIRCUIT_OPEN)) {
            assertThat(closedGate(page)).isEqualTo("gate storing");
            worker.scene = Scene.QUEUE_UNREACHABLE;
            page.clock().fastForward(2_100);
            page.locator("#state:has-text('Queue unreachable')").waitFor();
            assertThat(closedGate(page)).isEqualTo("gate arriving");
        }
    }

    private static Object closedGate(Page page) {
        return page.evaluate(
                "[...document.querySelectorAll('.gate')].filter((gate) => getComputedStyle(gate).display !== 'none')"
                        + ".map((gate) => gate.getAttribute('class')).join()");
    }

    @Test
    void drawsTheLineByItsRate() {
        double busy;
        try (Page page = open(Scene.HUGE)) {
            busy = weight(page);
        }
        try (Page page = open(Scene.IDLE)) {
            assertThat(weight(page)).isLessThan(busy);
        }
    }

    private static double weight(Page page) {
        return Double.parseDouble(page.locator(".bed.storing").getAttribute("stroke-width"));
    }

    @Test
    void announcesAChangeOnceAndPolitely() {
        try (Page page = open(Scene.RUNNING)) {
            Locator announcer = page.locator("#announcer[aria-live=polite]");
            assertThat(announcer.textContent()).isEqualTo("Running");
            worker.scene = Scene.CIRCUIT_OPEN;
            page.clock().fastForward(2_100);
            page.locator("#announcer", new Page.LocatorOptions().setHasText("The circuit is open."))
                    .waitFor();
            assertThat(announcer.textContent()).doesNotContain("Next try");
        }
    }

    @Test
    void teachesWhatToDoOnTheFirstStart() {
        try (Page page = open(Scene.FIRST_START)) {
            assertThat(page.locator(".first").innerText()).contains("sluice send events.ndjson --queue login-queue");
            assertThat(page.locator(".charts").isVisible()).isFalse();
        }
    }

    @Test
    void greysFiguresOfAWorkerThatIsGoneAndComesBack() {
        try (Page page = open(Scene.RUNNING)) {
            worker.gone = true;
            page.clock().fastForward(7_000);
            page.locator("body.stale").waitFor();
            assertThat(page.locator(".banner .what").textContent())
                    .matches(
                            "The worker does not answer. The figures below are from 14:05:30 UTC, \\d+ s ago. Trying again every 2 s.");
            assertThat(page.locator("#state").textContent()).startsWith("No answer");
            assertThat(page.locator(".station.queue b").textContent()).isEqualTo("1,204");
            worker.gone = false;
            page.clock().fastForward(2_100);
            page.locator("body:not(.stale)").waitFor();
            assertThat(page.locator(".banner").count()).isZero();
        } finally {
            worker.gone = false;
            browser.complaints();
        }
    }

    @Test
    void asksNothingWhileHidden() {
        try (Page page = open(Scene.RUNNING)) {
            page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
                    + "document.dispatchEvent(new Event('visibilitychange'))");
            page.waitForLoadState(LoadState.NETWORKIDLE);
            int before = worker.statusRequests();
            page.clock().fastForward(60_000);
            page.evaluate("fetch('assets/icon.svg')"); // behind what the timers have asked for
            assertThat(worker.statusRequests()).isEqualTo(before);
            page.waitForResponse(
                    "**/api/status",
                    () -> page.evaluate(
                            "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))"));
        }
    }

    @Test
    void movesNothingWhereMotionIsNotWanted() {
        String animations = "document.getAnimations().length";
        try (Page still = open(Scene.RUNNING)) {
            assertThat(still.evaluate(animations)).isEqualTo(0);
        }
        try (Page moving = browser.open(worker, 1440, ColorScheme.LIGHT, ReducedMotion.NO_PREFERENCE)) {
            moving.locator(".stream.storing")
                    .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
            await().pollInSameThread().until(() -> (Integer) moving.evaluate(animations) > 0);
        }
    }

    @Test
    void switchesTheTheme() {
        String ground = "getComputedStyle(document.documentElement).backgroundColor";
        try (Page page = open(Scene.RUNNING)) {
            Object light = page.evaluate(ground);
            page.getByLabel("Theme: system").click();
            assertThat(page.evaluate(ground)).isEqualTo(light);
            page.getByLabel("Theme: light").click();
            assertThat(page.evaluate(ground)).isNotEqualTo(light);
            page.reload();
            assertThat(page.evaluate(ground)).as("kept").isNotEqualTo(light);
        }
    }

    @Test
    void isATableWithoutJavaScript() {
        try (Page page = browser.openWithoutScripts(worker)) {
            assertThat(page.locator("#plain table").isVisible()).isTrue();
            assertThat(page.locator("#plain").innerText()).contains("State").contains("running");
        }
    }

    private static Page open(Scene scene) {
        worker.scene = scene;
        return browser.open(worker, 1440, ColorScheme.LIGHT);
    }
}
