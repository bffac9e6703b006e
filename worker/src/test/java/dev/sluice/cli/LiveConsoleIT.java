package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.sluice.console.Browser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.util.DefaultLocale;

/**
 * The page and the API of a real worker agree: every view of a browser shows what is in the database and the queue, without
 * an error in words or in the browser's console.
 */
@Tag("browser")
@DefaultLocale("en") // see Browser
class LiveConsoleIT {

    private static final String IP = "198.18.47.11";
    private static final String DEVICE = "471-14-7114";

    private final Browser browser = Browser.shared();

    @Test
    void everyViewShowsWhatDatabaseAndQueueHold(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        playground.send(List.of(
                Events.login("user-1", IP, DEVICE),
                Events.login("user-2", IP, DEVICE),
                Events.login("user-3", "not an address", DEVICE)));
        try (ConsolePort console = ConsolePort.open(playground).run();
                Page page = browser.visit(console.url())) {
            signIn(page, console.token());
            overview(page, playground);
            quarantine(page, playground);
            table(page, playground);
            keys(page);
            audit(page, playground);
            doctor(page, playground);
            settings(page, playground);
            viewer(console);
        }
    }

    /** Nothing is shown before. */
    private void signIn(Page page, String token) {
        see(page, "#token");
        assertThat(page.locator("#state").textContent()).isEmpty();
        page.locator("#token").fill(token);
        page.keyboard().press("Enter");
        see(page, "#state strong");
        assertThat((Integer) page.evaluate("performance.getEntries().reduce((n, e) => n + (e.transferSize ?? 0), 0)"))
                .as("bytes sent before the first figure")
                .isBetween(20_000, 150_000);
        assertThat(browser.complaints()).as("about the missing token").allMatch(line -> line.contains("401"));
    }

    /** Figures of what was stored before it was opened, and then of what is stored. */
    private void overview(Page page, Playground playground) {
        see(page, ".route:has-text('" + playground.queue + "')");
        see(page, ".keys [title='2 since the start'] >> text=stored");
        see(page, ".quarantine >> text=invalid-ip 1");
        see(page, ".needs >> text=1 quarantined: invalid-ip masked_ip (1)");
        see(page, ".needs .ok >> text=Queue and database answer");
        assertThat(page.locator(".station.store .figure").innerText()).matches("[\\d.]+ (µs|ms|s)");

        playground.send(List.of(Events.login("user-4", IP, "471-14-7115")));
        see(page, ".keys [title='3 since the start'] >> text=stored");
        await().pollInSameThread()
                .until(
                        () -> page.evaluate("[...document.querySelectorAll('canvas')].every((canvas) =>"
                                + " Chart.getChart(canvas)?.data.datasets[0].data.some(({ y }) => y > 0))"),
                        Boolean.TRUE::equals);
        assertSound(page, "overview");
    }

    private void quarantine(Page page, Playground playground) {
        go(page, "quarantine");
        see(page, "td >> text=an IPv4 address of four decimal octets");
        see(page, copies(playground, "SELECT message_id FROM sluice.quarantine"));
        assertSound(page, "quarantine");

        page.getByText("Replay…").click();
        page.getByLabel("Ticket").fill("CASE-7");
        page.getByLabel("Type 1 to confirm").fill("1");
        page.getByText("Replay 1 record").click();
        see(
                page,
                ".result >> text=Replayed 1 record: 0 stored, 0 already stored before, 1 rejected again. Audit entry");
    }

    private void table(Page page, Playground playground) {
        go(page, "table");
        see(page, copies(playground, "SELECT masked_device_id FROM user_logins WHERE user_id = 'user-4'"));
        see(page, ".bars " + copies(playground, "SELECT DISTINCT masked_ip FROM user_logins"));
        see(page, ".bars >> text=3 users");
        assertSound(page, "table");
    }

    private void keys(Page page) {
        go(page, "keys");
        page.getByText("Count rows per key").click();
        see(page, "tr:has-text('user-logins.masked_ip'):has-text('primary') td.numeric >> text=3");
        assertSound(page, "keys");
    }

    private void audit(Page page, Playground playground) {
        go(page, "audit");
        see(
                page,
                ".chain "
                        + copies(playground, "SELECT encode(hash, 'hex') FROM sluice.audit ORDER BY seq DESC LIMIT 1"));
        see(page, "tr:has-text('replay-begin'):has-text('ada@console'):has-text('CASE-7')");
        see(page, "text=No request was refused.");
        assertThat(browser.complaints()).isEmpty();
    }

    private void doctor(Page page, Playground playground) {
        go(page, "doctor");
        page.getByText("Run the checks").click();
        see(page, ".checks >> text=" + playground.queue + " exists");
        see(page, ".verdict >> text=Nothing failed");
        assertSound(page, "doctor");
    }

    private void settings(Page page, Playground playground) {
        go(page, "settings");
        see(page, "tr:has-text('environment SLUICE_QUEUE') >> text=" + playground.queue);
        see(page, "tr:has-text('database.url') >> text=redacted");
        see(page, "pre >> text=pipeline: user-logins");
        assertSound(page, "settings");
    }

    private void viewer(ConsolePort console) {
        try (Page page = browser.visit(console.url() + "#/quarantine")) {
            signIn(page, console.viewersToken());
            see(page, "td >> text=invalid-ip");
            see(page, "text=Read-only: to replay from this page");
            assertThat(page.getByText("Replay…").isVisible()).isFalse();
            assertSound(page, "quarantine for a viewer");
        }
    }

    private static void go(Page page, String view) {
        page.evaluate("location.hash = '#/" + view + "'");
        see(page, "nav [aria-current][href='#/" + view + "']");
    }

    /** The button that copies the one value of a query. */
    private static String copies(Playground playground, String sql) {
        return "[aria-label='Copy " + playground.query(sql).getFirst() + "']";
    }

    private static void see(Page page, String selector) {
        page.locator(selector).first().waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.VISIBLE));
    }

    /** Where a list has rows, a sentence in its place would be an error. */
    private void assertSound(Page page, String view) {
        assertThat(page.locator(".nothing:visible").allInnerTexts()).as(view).allMatch(String::isEmpty);
        assertThat(page.locator(".banner").allInnerTexts()).as(view).isEmpty();
        assertThat(page.locator("body.stale").count()).as(view).isZero();
        assertThat(browser.complaints()).as(view).isEmpty();
    }
}
