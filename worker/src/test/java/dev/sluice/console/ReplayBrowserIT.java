package dev.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;

/** What a person does on the pages: by keyboard, by role, with a token, with a filter in the address. */
@Tag("browser")
@DefaultLocale("en") // see Browser
class ReplayBrowserIT {

    private static Browser browser;
    private MadeUpWorker worker;

    @BeforeAll
    static void launch() {
        browser = Browser.shared();
    }

    @BeforeEach
    void serve() throws IOException {
        worker = new MadeUpWorker();
    }

    @AfterEach
    void close() {
        worker.close();
    }

    @Test
    void replaysByKeyboardAloneOnceTheNumberIsTyped() {
        try (Page page = open()) {
            Keyboard keyboard = page.keyboard();
            keyboard.press("g");
            keyboard.press("q");
            page.locator("td >> text=missing").first().waitFor();
            tabTo(page, "Replay…");
            keyboard.press("Enter");
            page.getByLabel("Type 3 to confirm").waitFor();
            assertThat(page.locator("dialog").innerText())
                    .contains("3 records for any reason")
                    .contains("7ae21b90");
            keyboard.type("CASE-7");
            keyboard.press("Tab");
            keyboard.type("4");
            keyboard.press("Enter");
            assertThat(page.getByText("Replay 3 records").isDisabled()).isTrue();
            assertThat(worker.replays()).isEmpty();
            keyboard.press("Backspace");
            keyboard.type("3");
            keyboard.press("Enter");
            page.getByText("Replayed 3 records: 2 stored, 0 already stored before, 1 rejected again. Audit entry 18.")
                    .waitFor();
            assertThat(worker.replays()).singleElement().isEqualTo(Map.of("ticket", "CASE-7", "confirm", 3));
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void replaysWhatTheFilterSelects() {
        try (Page page = open()) {
            page.evaluate("location.hash = '#/quarantine?reason=missing&from=2026-03-01T12:00:00Z'");
            page.getByText("Replay…").click();
            page.getByLabel("Ticket").fill("CASE-7");
            page.getByLabel("Type 2 to confirm").fill("2");
            page.getByText("Replay 2 records").click();
            page.locator(".result", new Page.LocatorOptions().setHasText("Replayed"))
                    .waitFor();
            assertThat(worker.replays())
                    .singleElement()
                    .isEqualTo(Map.of(
                            "reason", "missing", "from", "2026-03-01T12:00:00Z", "ticket", "CASE-7", "confirm", 2));
        }
    }

    @Test
    void countsAgainWhenTheNumberHasChanged() {
        try (Page page = open()) {
            page.evaluate("location.hash = '#/quarantine?replay=1'");
            page.getByLabel("Ticket").fill("CASE-7");
            page.getByLabel("Type 3 to confirm").fill("3");
            worker.scene = Scene.IDLE;
            page.getByText("Replay 3 records").click();
            page.getByText("Nothing to replay: no record for any reason is in quarantine.")
                    .waitFor();
            assertThat(page.locator(".problem").textContent()).isEqualTo("Confirm is not the number of records.");
            assertThat(worker.replays()).isEmpty();
        } finally {
            browser.complaints();
        }
    }

    @Test
    void escapeLeavesTheReplayUndone() {
        try (Page page = open()) {
            page.evaluate("location.hash = '#/quarantine?replay=1'");
            page.getByLabel("Type 3 to confirm").fill("3");
            page.keyboard().press("Escape");
            page.locator("dialog").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
            assertThat(worker.replays()).isEmpty();
        }
    }

    @Test
    void offersAViewerNoReplay() {
        worker.operator = false;
        try (Page page = open()) {
            page.evaluate("location.hash = '#/quarantine?replay=1'");
            page.getByText("Read-only: to replay from this page").waitFor();
            assertThat(page.getByText("Replay…").isVisible()).isFalse();
            assertThat(page.locator("dialog").count()).isZero();
        }
    }

    @Test
    void asksForATokenOnceAndKeepsItInTheTab() {
        worker.token = "s3cret-token";
        try (Page page = browser.visit(worker)) {
            page.locator("#token").fill("wrong");
            page.keyboard().press("Enter");
            page.getByText("The worker refused this token.").waitFor();
            page.locator("#token").fill("s3cret-token");
            page.keyboard().press("Enter");
            page.locator("#state strong").waitFor();
            page.reload();
            page.locator("#state strong").waitFor();
            assertThat(page.locator("dialog").count()).isZero();
            assertThat(page.evaluate("localStorage.length + document.cookie.length"))
                    .isEqualTo(0);
            assertThat(page.evaluate("sessionStorage.length")).isEqualTo(1);
        } finally {
            browser.complaints();
        }
    }

    @Test
    void showsWhichRoleReadsARefusedPage() {
        worker.denied = true;
        try (Page page = open()) {
            for (String view : new String[] {"quarantine", "table", "keys", "audit", "settings"}) {
                page.evaluate("location.hash = '#/" + view + "'");
                page.locator("nav [aria-current][href='#/" + view + "']").waitFor();
                page.locator(".listing .nothing:has-text('Grant it the role')")
                        .first()
                        .waitFor();
            }
        } finally {
            browser.complaints();
        }
    }

    @Test
    void keepsFilterAndOrderInTheAddress() {
        try (Page page = open()) {
            page.evaluate("location.hash = '#/settings'");
            page.locator("td >> text=consumers").waitFor();
            page.keyboard().press("/");
            page.keyboard().type("database");
            page.getByText("Setting", new Page.GetByTextOptions().setExact(true))
                    .last()
                    .click();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Setting"))
                    .click();
            assertThat(page.url()).endsWith("#/settings?find=database&sort=key.down");
            page.reload();
            page.locator("td").first().waitFor();
            assertThat(page.locator("tbody tr td:first-child").allTextContents())
                    .containsExactly("database.url", "database.password");
        }
    }

    @Test
    void copiesAWholeTokenByKeyboard() {
        try (Page page = open()) {
            page.evaluate("location.hash = '#/table'");
            page.locator("td .token").first().waitFor();
            String label = page.locator("td .token").first().getAttribute("aria-label");
            page.locator("td .token").first().focus();
            page.keyboard().press("Enter");
            page.locator("#announcer:has-text('Copied.')").waitFor();
            assertThat("Copy " + page.evaluate("navigator.clipboard.readText()"))
                    .isEqualTo(label)
                    .hasSizeGreaterThan(40);
        }
    }

    private Page open() {
        return browser.open(worker, 1440, ColorScheme.LIGHT);
    }

    /** As a person without a mouse finds a button. */
    private static void tabTo(Page page, String words) {
        for (int i = 0; i < 60; i++) {
            page.keyboard().press("Tab");
            if (words.equals(page.evaluate("document.activeElement.textContent"))) {
                return;
            }
        }
        throw new AssertionError("the Tab key does not reach: " + words);
    }
}
