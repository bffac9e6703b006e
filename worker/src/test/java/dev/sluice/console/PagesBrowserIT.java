package dev.sluice.console;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every page at both widths and in both themes: axe finds nothing, nothing is wider than the screen. Keeps pictures. Axe
 * checks each structure once, and once more what another theme changes: contrast.
 */
@Tag("browser")
@DefaultLocale("en") // see Browser
class PagesBrowserIT {

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final List<String> VIEWS =
            List.of("overview", "quarantine", "table", "keys", "audit", "doctor", "settings");

    /** A banner of each level, and what a first start teaches; other states show the elements of the overview. */
    private static final Set<Scene> HAVE_ELEMENTS_OF_THEIR_OWN =
            EnumSet.of(Scene.CIRCUIT_OPEN, Scene.DRAINING, Scene.FIRST_START);

    /** The checker as its jar has it; its own driver would bring a second JSON library. */
    private static final String AXE = axe();

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

    @Test
    void everyPageIsAccessibleAndFits() {
        worker.scene = Scene.RUNNING;
        try (Page page = browser.open(worker, 1440, ColorScheme.LIGHT)) {
            for (String view : VIEWS) {
                go(page, view);
                check(page, view, 1440);
                page.setViewportSize(390, 844);
                fits(page, view);
                picture(page, view, 390, ColorScheme.LIGHT);
                page.setViewportSize(1440, 900);
            }
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Scene.class)
    void everyStateIsAccessibleAndFits(Scene scene) {
        worker.scene = scene;
        try (Page page = browser.open(worker, 390, ColorScheme.LIGHT)) {
            page.locator(".needs li").first().waitFor();
            if (HAVE_ELEMENTS_OF_THEIR_OWN.contains(scene)) {
                check(page, scene.slug(), 390);
            } else {
                fits(page, scene.slug());
                picture(page, scene.slug(), 390, ColorScheme.LIGHT);
            }
            page.setViewportSize(1440, 900);
            fits(page, scene.slug());
            for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                picture(page, scene.slug(), 1440, scheme);
            }
        }
    }

    @Test
    void longListsFit() {
        worker.scene = Scene.HUGE;
        try (Page page = browser.open(worker, 390, ColorScheme.LIGHT)) {
            go(page, "quarantine");
            fits(page, "quarantine");
            page.getByText("Older records").click();
            page.locator("tbody tr:nth-child(51)").waitFor();
        }
    }

    @Test
    void figuresThatAreNotLiveCanBeRead() {
        worker.scene = Scene.RUNNING;
        try (Page page = browser.open(worker, 1440, ColorScheme.LIGHT)) {
            worker.gone = true;
            page.clock().fastForward(7_000);
            page.locator("body.stale").waitFor();
            check(page, "gone", 1440);
        } finally {
            worker.gone = false;
            browser.complaints();
        }
    }

    @Test
    void emptyPagesTeach() {
        worker.scene = Scene.FIRST_START;
        try (Page page = browser.open(worker, 1440, ColorScheme.DARK)) {
            for (String view : List.of("quarantine", "table", "audit")) {
                go(page, view);
                assertThat(page.locator(".listing .nothing").first().innerText())
                        .as(view)
                        .hasSizeGreaterThan(40);
                check(page, view + "-empty", 1440);
            }
        }
    }

    @Test
    void dialogsAreAccessible() {
        worker.scene = Scene.RUNNING;
        try (Page page = browser.open(worker, 390, ColorScheme.LIGHT)) {
            page.keyboard().press("?");
            page.getByText("Filter this page").waitFor();
            check(page, "help", 390);
            page.keyboard().press("Escape");
            go(page, "quarantine?replay=1");
            page.getByLabel("Type 3 to confirm").waitFor();
            check(page, "replay", 390);
        }
    }

    @ParameterizedTest
    @CsvSource({"RUNNING, LIGHT, console.png", "CIRCUIT_OPEN, DARK, console-circuit-open.png"})
    void picturesOfTheReadmeAreSmall(Scene scene, ColorScheme scheme, String file) throws IOException {
        worker.scene = scene;
        try (Page page = browser.open(worker, 1440, scheme)) {
            page.locator(".needs li").first().waitFor();
            page.locator(".badge").waitFor();
            page.locator(".plot .nothing:empty")
                    .first()
                    .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
            Files.createDirectories(PICTURES);
            byte[] picture = packed(page.screenshot());
            assertThat(picture.length).isLessThan(150_000);
            Files.write(PICTURES.resolve(file), picture);
        }
    }

    /** The same picture, packed as tightly as PNG allows; the browser packs fast instead. */
    private static byte[] packed(byte[] png) throws IOException {
        BufferedImage from = ImageIO.read(new ByteArrayInputStream(png));
        BufferedImage opaque = new BufferedImage(from.getWidth(), from.getHeight(), BufferedImage.TYPE_INT_RGB);
        opaque.getGraphics().drawImage(from, 0, 0, null);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam tightly = writer.getDefaultWriteParam();
        tightly.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        tightly.setCompressionQuality(0);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(packed)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(opaque, null, null), tightly);
        }
        return packed.toByteArray();
    }

    private static String axe() {
        try (InputStream script = PagesBrowserIT.class.getResourceAsStream("/axe.min.js")) {
            return new String(requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void go(Page page, String view) {
        page.evaluate("location.hash = '#/" + view + "'");
        page.locator("nav [aria-current]", new Page.LocatorOptions().setHasText(title(view)))
                .waitFor();
        if (view.equals("doctor")) {
            page.getByText("Run the checks").click();
            page.locator(".checks li").first().waitFor();
        } else if (!view.equals("overview")) {
            page.locator(".as-of:not(:empty)").waitFor();
        } else {
            page.locator(".needs li").first().waitFor();
        }
    }

    private static String title(String view) {
        return view.substring(0, 1).toUpperCase(Locale.ROOT) + view.substring(1).replaceAll("\\?.*", "");
    }

    /** In both themes. */
    private static void check(Page page, String name, int width) {
        fits(page, name);
        if (Boolean.FALSE.equals(page.evaluate("'axe' in window"))) {
            page.evaluate(AXE);
        }
        for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            Object violations = page.evaluate(
                    "axe.run(" + rules(scheme) + ").then(({ violations }) => violations.flatMap("
                            + "({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`)))");
            assertThat((List<?>) violations)
                    .as(name + " at " + width + ", " + scheme)
                    .isEmpty();
            picture(page, name, width, scheme);
        }
    }

    /** Only contrast depends on the theme. */
    private static String rules(ColorScheme scheme) {
        return scheme == ColorScheme.DARK ? "" : "{ runOnly: ['color-contrast'] }";
    }

    /** Once the charts have followed the size of the window. */
    private static void fits(Page page, String name) {
        String over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        await().pollInSameThread()
                .untilAsserted(() -> assertThat(page.evaluate(over)).as(name).isEqualTo(0));
    }

    private static void picture(Page page, String name, int width, ColorScheme scheme) {
        String file = name + "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".png";
        page.screenshot(
                new Page.ScreenshotOptions().setPath(PICTURES.resolve(file)).setFullPage(width < 600));
    }
}
