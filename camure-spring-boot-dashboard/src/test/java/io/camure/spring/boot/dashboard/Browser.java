package io.camure.spring.boot.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Headless Chromium, as it is installed: {@code chromium} and {@code chromedriver}. Without it tests are skipped. */
final class Browser implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ChromeDriver driver;

    @Override
    public void beforeAll(ExtensionContext context) {
        Optional<Path> chromium = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<Path> chromedriver = onPath("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            return;
        }
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
        // Named, so that none is looked for elsewhere.
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options);
    }

    /** Before each, since tests that are skipped as a class are not counted as skipped. */
    @Override
    public void beforeEach(ExtensionContext context) {
        assumeTrue(
                driver != null, "chromium and chromedriver are not installed: the page is not looked at in a browser");
    }

    private static Optional<Path> onPath(String... names) {
        return Arrays.stream(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (driver != null) {
            driver.quit();
        }
    }

    ChromeDriver driver() {
        return driver;
    }

    void open(URI page, int width, int height, String colors) {
        driver.manage().window().setSize(new Dimension(width, height));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colors))));
        // What the page before has said is not this one's.
        driver.get("about:blank");
        driver.manage().logs().get(LogType.BROWSER);
        driver.get(page.toString());
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** What the first such element says, read in one step: the page may draw it anew at any time. */
    String text(String css) {
        return read(css, "element instanceof HTMLElement ? element.innerText : element.textContent");
    }

    /** An attribute of the first such element, read in one step. */
    String attribute(String css, String name) {
        return read(css, "element.getAttribute('" + name + "')");
    }

    /** How wide the first such element is, in pixels of CSS. */
    double width(String css) {
        return Double.parseDouble(read(css, "element.getBoundingClientRect().width"));
    }

    private String read(String css, String expression) {
        Object read = driver.executeScript(
                "const element = document.querySelector(arguments[0]); return element && String(" + expression + ")",
                css);
        assertThat(read).as(css).isNotNull();
        return read.toString().strip();
    }

    /** Waits until an element has a text. */
    void awaitText(String css, String text) {
        new WebDriverWait(driver, PATIENCE)
                .ignoring(org.openqa.selenium.WebDriverException.class)
                .withMessage(() -> css + " does not say '" + text + "'; the page: "
                        + find("body").getText())
                .until(page -> all(css).stream().anyMatch(each -> each.getText().contains(text)));
    }

    void awaitCount(String css, int count) {
        new WebDriverWait(driver, PATIENCE)
                .withMessage(() -> all(css).size() + " of " + css)
                .until(page -> all(css).size() == count);
    }

    /** To be looked at by people. */
    void screenshot(String name) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    void assertNoErrors() {
        assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
                .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .isEmpty();
    }
}
