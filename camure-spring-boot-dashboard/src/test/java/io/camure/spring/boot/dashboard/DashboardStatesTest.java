package io.camure.spring.boot.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** What the page makes of each state that an application can be in, and of answers that are none. */
class DashboardStatesTest {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final String BARRIER = "section[aria-label='barrier start-line']";
    private static final String BROADCAST = "section[aria-label='broadcast prices']";

    private static final Map<String, Supplier<Scene>> SCENES = Map.of(
            "no-member", () -> Scene.of(0),
            "one-member", () -> Scene.of(1),
            "eight-members", () -> Scene.of(8).missing(Duration.ofMillis(2), 3),
            "fifty-members", () -> Scene.of(50),
            "one-missing", () -> Scene.of(8).missing(Duration.ofSeconds(4), 3),
            "missing-of-fifty", () -> Scene.of(50).missing(Duration.ofSeconds(75), 7, 31, 49),
            "one-slow", () -> Scene.of(8).slow(5).listener(true),
            "coordinator-lost", () -> Scene.of(8).lost());

    private Stage stage;

    @BeforeEach
    void raise() throws Exception {
        stage = new Stage();
    }

    @AfterEach
    void strike() {
        stage.close();
    }

    private void open(Scene scene) {
        stage.tells(scene.now(), scene.past());
        browser.open(stage.page(), 1440, 1000, "light");
        browser.awaitText("#updated", "read ");
    }

    private static String text(String css) {
        return browser.text(css);
    }

    private static Object run(String script) {
        return browser.driver().executeScript(script);
    }

    @Test
    void whoIsMissingComesFirstWithNameAndSinceWhen() {
        open(Scene.of(8).missing(Duration.ofSeconds(4), 3));

        assertThat(text("#overall")).contains("Waiting for 1", "start-line waits for node-3, for 4 s");
        assertThat(browser.attribute("#overall", "class")).contains("warn");
        assertThat(browser.attribute(BARRIER + " .members li", "class")).isEqualTo("missing warn");
        assertThat(text(BARRIER + " .members li"))
                .contains("node-3")
                .containsPattern("missing for 4 s, since \\d\\d:\\d\\d:\\d\\d");
        assertThat(browser.all(BARRIER + " .members li.warn")).hasSize(1);
        // In the lanes, too, beside the rounds before.
        assertThat(browser.all(BARRIER + " .lane .missing-lane")).hasSize(1);
        assertThat(browser.driver().getTitle()).startsWith("Waiting for 1");
        browser.assertNoErrors();
    }

    @Test
    void aChangeOfCoordinatorIsOnTheTimeLine() {
        open(Scene.of(3).changed(Duration.ofMinutes(5)));

        for (String group : List.of(BARRIER, BROADCAST)) {
            assertThat(browser.all(group + " .chart line.change")).hasSize(1);
            assertThat(text(group + " .chart text.change")).isEqualTo("orders-7f9c coordinates");
            // Of the last 15 minutes, a third ago.
            double x = Double.parseDouble(browser.attribute(group + " .chart line.change", "x1"));
            assertThat(x / browser.width(group + " .chart svg")).isBetween(0.6, 0.75);
        }
        browser.assertNoErrors();
    }

    @Test
    void thereIsNoChangeOnTheTimeLineThatWasLongerAgo() {
        open(Scene.of(3).changed(Duration.ofMinutes(16)));

        assertThat(browser.all(".chart .change")).isEmpty();
    }

    @Test
    void aSmallPathIsNamed() {
        open(Scene.of(3).smallPath(1));

        assertThat(text("section.session .facts")).contains("small paths", "1372 bytes to node-1 (10.0.3.11:46064)");
    }

    @Test
    void aLongWaitIsRedAndNamesAll() {
        open(Scene.of(50).missing(Duration.ofSeconds(75), 7, 31, 49));

        assertThat(text("#overall")).contains("Held up", "start-line waits for node-7, node-31 and node-49, for 75 s");
        assertThat(browser.all(BARRIER + " .members li.bad")).hasSize(3);
        assertThat(browser.attribute(BARRIER, "class")).contains("bad");
    }

    @Test
    void aBarrierOnItsWayIsCalm() {
        open(Scene.of(8).missing(Duration.ofMillis(2), 3));

        assertThat(text("#overall")).contains("All is well", "8 members, 2 groups");
        assertThat(browser.all(".warn, .bad:not(.events li)")).isEmpty();
        assertThat(text(BARRIER)).contains("Round 1042: 8 of 9 arrived", "in progress");
    }

    @Test
    void aWaitIsLateByWhatIsUsualThere() {
        open(Scene.of(8));
        assertThat(run("return waitTone(30000, {recent: {p99Micros: 20000000}})"))
                .isEqualTo("");
        assertThat(run("return waitTone(30000, {recent: {p99Micros: 2000}})")).isEqualTo("bad");
        assertThat(run("return waitTone(900, {recent: {p99Micros: 2000}})")).isEqualTo("");
        assertThat(run("return waitTone(1500, {})")).isEqualTo("warn");
    }

    @Test
    void aBroadcastThatIsHeldUpIsRedAndSaysByWhomAndSinceWhen() {
        open(Scene.of(8).slow(5));

        assertThat(text("#overall"))
                .contains("Held up")
                .containsPattern("prices is held up by node-5 since \\d\\d:\\d\\d:\\d\\d");
        assertThat(browser.attribute(BROADCAST, "class")).contains("bad");
        assertThat(text(BROADCAST + " .held")).startsWith("Held up by node-5 since ");
        assertThat(text(BROADCAST + " .members li")).contains("node-5", "slow since");
        assertThat(text("section[aria-label='Members of the session'] tbody tr"))
                .contains("node-5", "holds prices up", "1024 of 1024");
        assertThat(text("section[aria-label='Events']"))
                .contains("slow", "node-5 (10.0.3.15:46064) holds the broadcast up");
    }

    @Test
    void whoIsAlwaysLastIsFirstInTheTableAndItsRoundsCanBeReadByKeyboard() {
        open(Scene.of(8));

        assertThat(text(BARRIER + " table.last tbody tr"))
                .contains("node-2")
                .containsPattern("[6-9]\\d %")
                .contains("s");
        assertThat(browser.all(BARRIER + " table.last tbody tr")).hasSize(9);
        assertThat(browser.all(BARRIER + " table.last tbody tr:first-child .holds"))
                .hasSizeGreaterThan(8);
        WebElement lanes = browser.find(BARRIER + " .readout");
        lanes.sendKeys(Keys.END);
        assertThat(text(BARRIER + " .readout")).startsWith("Round 1041 at ").contains(" took ", "; last was node-2, ");
        lanes.sendKeys(Keys.ARROW_LEFT);
        assertThat(text(BARRIER + " .readout")).startsWith("Round 1040 at ");
        assertThat(lanes.getAttribute("aria-valuetext")).startsWith("Round 1040 at ");
        browser.assertNoErrors();
    }

    @Test
    void chartsTellTheirValuesByTimeToPointerAndKeyboard() {
        open(Scene.of(8));

        WebElement chart = browser.find(BARRIER + " .chart");
        assertThat(chart.getAccessibleName()).isEqualTo("Time of a round");
        chart.sendKeys(Keys.HOME);
        String first = chart.getAttribute("aria-valuetext");
        assertThat(first)
                .matches(
                        "\\d\\d:\\d\\d:\\d\\d: 99 % .* ms, median 1\\.\\d+ ms|\\d\\d:\\d\\d:\\d\\d: 99 % .* ms, median 2.* ms");
        chart.sendKeys(Keys.ARROW_RIGHT);
        assertThat(chart.getAttribute("aria-valuetext")).isNotEqualTo(first);
        assertThat(text(BARRIER + " figcaption")).containsPattern("at \\d\\d:\\d\\d:\\d\\d");
        chart.sendKeys(Keys.ESCAPE);
        assertThat(text(BARRIER + " figcaption")).doesNotContain("at ");

        new Actions(browser.driver()).moveToElement(chart).perform();
        assertThat(text(BARRIER + " figcaption")).containsPattern("at \\d\\d:\\d\\d:\\d\\d");
        assertThat(browser.all(BARRIER + " .chart .cursor")).hasSize(1);
    }

    @Test
    void wordsOfTheProtocolExplainThemselves() {
        open(Scene.of(8));
        for (String word : List.of("chunks", "Send window", "incarnation")) {
            WebElement term = browser.all(".term").stream()
                    .filter(each -> each.getText().equals(word))
                    .findFirst()
                    .orElseThrow();
            run("window.scrollTo(0, 0)");
            browser.driver().executeScript("arguments[0].focus({focusVisible: true})", term);
            WebElement explanation = browser.find("#" + term.getAttribute("aria-describedby"));
            assertThat(explanation.isDisplayed()).as(word).isTrue();
            assertThat(explanation.getText()).as(word).endsWith(".");
            term.sendKeys(Keys.ESCAPE);
            assertThat(explanation.isDisplayed()).as(word).isFalse();
        }
    }

    @Test
    void stoppingAListenerAsksAndSaysWhatItHoldsUp() {
        open(Scene.of(8).listener(true));

        browser.find("button[aria-label='Stop listener board']").click();
        assertThat(text("#question"))
                .contains("Stop listener board?", "all other members of prices wait for this node");
        browser.find("#question button[value='no']").click();
        assertThat(browser.find("#question").isDisplayed()).isFalse();
        assertThat(browser.find("#refusal").isDisplayed()).isFalse();
    }

    @Test
    void whereTheEndpointIsReadOnlyThereIsNoButton() {
        open(Scene.of(8).listener(false));

        assertThat(browser.find("button[aria-label='Stop listener board']").isDisplayed())
                .isFalse();
        assertThat(text("section[aria-label='Listeners']")).contains("management.endpoint.camure.access");
    }

    @Test
    void aLostCoordinatorIsSaidFirst() {
        open(Scene.of(8).lost());
        assertThat(text("#overall")).contains("Held up", "the coordinator orders-7f9c (" + Scene.OWN + ") is lost");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | text/html | a page came in place of data, as when the application wants you to sign in
            401 | text/plain | the application wants you to sign in (401)
            403 | text/html | you may not read the endpoint camure (403)
            404 | text/plain | the endpoint camure is not exposed (404)
            500 | text/plain | the application answers 500
            """)
    void anAnswerThatIsNoDataIsSaidInWords(int status, String type, String said) {
        stage.answers(status, type, "<html>Please sign in</html>");
        browser.open(stage.page(), 900, 600, "light");
        browser.awaitText("#problem", "Nothing could be read yet: " + said);
        assertThat(text("#updated")).isEqualTo("not read yet");
    }

    @Test
    void aWayToALoginPageIsSaid() {
        stage.redirectsTo("/login");
        browser.open(stage.page(), 900, 600, "light");
        browser.awaitText("#problem", "the application leads to another page, as when it wants you to sign in");
    }

    @Test
    void anApplicationThatHangsIsSaidAndWhatIsOldIsDimmed() throws Exception {
        Scene scene = Scene.of(8).missing(Duration.ofSeconds(4), 3);
        open(scene);
        assertThat(browser.attribute("body", "class")).doesNotContain("stale");
        stage.hangs();
        browser.awaitText("#problem", "there was no answer within 5 s: the application hangs");
        assertThat(text("#problem")).containsPattern("What is shown is of \\d\\d:\\d\\d:\\d\\d");
        assertThat(browser.attribute("body", "class")).contains("stale");
        assertThat(text("#updated")).containsPattern("read \\d\\d:\\d\\d:\\d\\d, \\d+ s ago");
        assertThat(browser.find("main").getCssValue("filter")).isEqualTo("grayscale(1)");
        browser.screenshot("stale-1440-light");
        stage.tells(scene.now(), scene.past());
        browser.awaitCount("body.stale", 0);
        assertThat(browser.find("#problem").isDisplayed()).isFalse();
    }

    @Test
    void itFitsOnPhonesAndDesksInLightAndDark() throws Exception {
        List<String> tooWide = new ArrayList<>();
        for (Map.Entry<String, Supplier<Scene>> scene : SCENES.entrySet()) {
            Scene shown = scene.getValue().get();
            stage.tells(shown.now(), shown.past());
            for (int width : new int[] {390, 1440}) {
                for (String colors : List.of("light", "dark")) {
                    browser.open(stage.page(), width, 1000, colors);
                    browser.awaitText("#updated", "read ");
                    String name = scene.getKey() + "-" + width + "-" + colors;
                    browser.screenshot(name);
                    if (Boolean.FALSE.equals(run("return document.documentElement.scrollWidth <= innerWidth"))) {
                        tooWide.add(name);
                    }
                    assertThat(browser.text("body")).doesNotContain("NaN", "undefined", "null");
                    browser.assertNoErrors();
                }
            }
        }
        assertThat(tooWide).isEmpty();
    }
}
