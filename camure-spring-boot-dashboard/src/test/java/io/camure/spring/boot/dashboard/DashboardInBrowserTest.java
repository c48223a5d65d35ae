package io.camure.spring.boot.dashboard;

import static io.camure.spring.boot.dashboard.DashboardApplication.COORDINATOR;
import static io.camure.spring.boot.dashboard.DashboardApplication.MEMBER;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.CoordinatorBarrier;
import io.camure.spring.CamureGroups;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureListenerEndpointRegistry;
import io.camure.test.CamureTestCoordinator;
import io.camure.test.CamureTestMember;
import io.camure.test.CamureTestNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.web.SecurityFilterChain;

/** What an operator sees. Each test leaves pictures in {@code target/screenshots}. */
class DashboardInBrowserTest {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final String TILE = "section[aria-label='barrier start-line'] .members li";

    private static final String LISTENERS = "section[aria-label='Listeners']";

    private static ConfigurableApplicationContext run(List<Class<?>> beans, String... properties) {
        return DashboardApplication.run(WebApplicationType.SERVLET, beans, properties);
    }

    private static URI page(ConfigurableApplicationContext context) {
        return URI.create("http://127.0.0.1:" + DashboardApplication.port(context, "server") + "/camure");
    }

    @Test
    void anApplicationWithoutASessionSaysSo() throws Exception {
        try (ConfigurableApplicationContext context = run(List.of())) {
            browser.open(page(context), 900, 500, "light");
            browser.awaitText("main", "This application has no session");
            browser.screenshot("no-session");
            browser.assertNoErrors();
        }
    }

    @Test
    void aCoordinatorWithoutMembersWaitsForThem() throws Exception {
        try (ConfigurableApplicationContext context = run(List.of(), COORDINATOR)) {
            browser.open(page(context), 1280, 900, "light");
            browser.awaitText("section[aria-label='barrier start-line']", "No member yet.");
            browser.awaitText("section[aria-label='barrier start-line']", "forming");
            browser.awaitText("section[aria-label='barrier start-line']", "0 of 2");
            assertThat(browser.all(TILE)).isEmpty();
            assertThat(browser.text("main")).doesNotContain("NaN", "undefined", "null");
            browser.screenshot("no-member");
            browser.assertNoErrors();
        }
    }

    @Test
    void fiftyMembersAreSeenAsTheyArrive() throws Exception {
        try (ConfigurableApplicationContext context = run(List.of(), COORDINATOR)) {
            CamureTestNetwork network = context.getBean(CamureTestNetwork.class);
            CoordinatorBarrier barrier = context.getBean(CamureGroups.class).barrierGroup("start-line");
            List<Barrier> members = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                CamureTestMember member = network.joinMember("node-" + i);
                members.add(member.joinBarrier("start-line"));
                member.joinBroadcast("prices");
            }
            for (int round = 0; round < 20; round++) {
                meet(barrier, members);
            }
            browser.open(page(context), 1280, 1000, "dark");
            CompletableFuture<?> here = barrier.awaitAsync();
            members.subList(0, 30).forEach(Barrier::awaitAsync);
            browser.awaitText("section[aria-label='barrier start-line']", "Round 20: 31 of 51 arrived");
            browser.awaitCount(TILE, 51);
            browser.awaitCount(TILE + ".arrived", 31);
            browser.awaitCount(TILE + ".missing", 20);
            // No round ended meanwhile, so there is nothing to draw yet.
            assertThat(here).isNotDone();
            members.subList(30, 50).forEach(Barrier::awaitAsync);
            browser.awaitText("section[aria-label='barrier start-line']", "Round 21");
            browser.awaitCount(TILE + ".arrived", 0);
            for (int second = 1; second <= 6; second++) {
                long rounds = 21 + 10 * second;
                for (int i = 0; i < 10; i++) {
                    meet(barrier, members);
                    context.getBean(CamureGroups.class).broadcastGroup("prices").send(new byte[200 * second]);
                }
                browser.awaitText("section[aria-label='barrier start-line']", "Round " + rounds);
            }
            barrier.awaitAsync();
            members.subList(0, 47).forEach(Barrier::awaitAsync);
            browser.awaitText("section[aria-label='barrier start-line']", "48 of 51 arrived");
            browser.awaitText("#overall", "start-line waits for node-47, node-48 and node-49, for ");
            assertThat(browser.all(TILE).subList(0, 3))
                    .extracting(WebElement::getText)
                    .allSatisfy(tile -> assertThat(tile).contains("missing for "));
            browser.awaitText("section[aria-label='barrier start-line'] table.last tbody", "node-");
            assertThat(browser.attribute("section[aria-label='barrier start-line'] .chart", "aria-valuetext"))
                    .matches("now: 99 % .*(µs|ms|s), median .*(µs|ms|s)");
            browser.awaitText("section[aria-label='Events']", "node-49");
            browser.screenshot("fifty-members-dark");
            String dark = background();
            browser.open(page(context), 1280, 1000, "light");
            browser.awaitCount(TILE + ".arrived", 48);
            browser.screenshot("fifty-members-light");
            assertThat(background()).isNotEqualTo(dark);
            browser.open(page(context), 420, 900, "light");
            browser.awaitCount(TILE + ".arrived", 48);
            browser.screenshot("fifty-members-narrow");
            assertThat((Boolean)
                            browser.driver().executeScript("return document.documentElement.scrollWidth <= innerWidth"))
                    .isTrue();
            browser.assertNoErrors();
        }
    }

    private static String background() {
        return browser.find("body").getCssValue("background-color");
    }

    private static void meet(CoordinatorBarrier barrier, List<Barrier> members) throws InterruptedException {
        List<CompletableFuture<?>> all = new ArrayList<>();
        members.forEach(member -> all.add(member.awaitAsync()));
        barrier.await(Duration.ofSeconds(30));
        assertThat(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)))
                .succeedsWithin(Duration.ofSeconds(30));
    }

    static class Listener {
        @CamureListener(group = "prices", id = "board", queueCapacity = "10")
        void on(byte[] content) {}
    }

    @Test
    void aLostCoordinatorIsSaidAndSoIsItsReturn() throws Exception {
        try (ConfigurableApplicationContext context = run(List.of(), MEMBER)) {
            CamureTestCoordinator coordinator = context.getBean(CamureTestCoordinator.class);
            browser.open(page(context), 1280, 800, "light");
            browser.awaitText("section[aria-label='Session default'] > .title", "open");
            assertThat(browser.find(".notice").isDisplayed()).isFalse();
            coordinator.crash();
            browser.awaitText(".notice", "is lost. No round and no message passes");
            browser.awaitText("section[aria-label='barrier start-line'] .state", "lost");
            browser.screenshot("lost-coordinator");
            coordinator.restart();
            browser.awaitText("section[aria-label='barrier start-line'] .state", "open");
            assertThat(browser.find(".notice").isDisplayed()).isFalse();
            browser.assertNoErrors();
        }
    }

    @Test
    void anApplicationThatIsGoneIsSaid() throws Exception {
        try (ConfigurableApplicationContext context = run(List.of(), COORDINATOR)) {
            browser.open(page(context), 1280, 800, "light");
            browser.awaitText(".session", "start-line");
        }
        browser.awaitText("#problem", "Nothing new can be read");
    }

    @Test
    void allCanBeDoneByKeyboardAndHasAName() throws Exception {
        try (ConfigurableApplicationContext context = run(List.of(Listener.class), MEMBER)) {
            CamureListenerEndpointRegistry listeners = context.getBean(CamureListenerEndpointRegistry.class);
            browser.open(page(context), 1280, 1000, "dark");
            browser.awaitText(LISTENERS, "running");

            WebElement pause = tabTo("Pause");
            pause.sendKeys(Keys.SPACE);
            assertThat(pause.getAttribute("aria-pressed")).isEqualTo("true");
            pause.sendKeys(Keys.SPACE);
            assertThat(pause.getAttribute("aria-pressed")).isEqualTo("false");

            WebElement stop = tabTo("Stop listener board");
            browser.screenshot("keyboard-dark");
            stop.sendKeys(Keys.ENTER);
            tabTo("Stop it").sendKeys(Keys.ENTER);
            browser.awaitText(LISTENERS, "stopped");
            browser.awaitText("#overall", "listener board of prices is stopped");
            assertThat(listeners.endpoint("board").isRunning()).isFalse();
            // What was read anew meanwhile has not taken the focus away.
            WebElement start = browser.driver().switchTo().activeElement();
            assertThat(start.getAccessibleName()).isEqualTo("Start listener board");
            start.sendKeys(Keys.ENTER);
            browser.awaitText(LISTENERS, "running");
            assertThat(listeners.endpoint("board").isRunning()).isTrue();

            assertThat(browser.all("button, section, ul, ol, table, main, [role=slider]"))
                    .filteredOn(WebElement::isDisplayed)
                    .hasSizeGreaterThan(8)
                    .allSatisfy(each -> assertThat(each.getAccessibleName())
                            .as(each.getTagName())
                            .isNotBlank());
            assertThat((List<?>) browser.driver()
                            .executeScript("return performance.getEntriesByType('resource').map(each => each.name)"))
                    .isNotEmpty()
                    .allSatisfy(url -> assertThat(url.toString())
                            .startsWith("http://127.0.0.1:" + DashboardApplication.port(context, "server")
                                    + "/actuator/camure"));
            browser.assertNoErrors();
        }
    }

    private static void stopListener() {
        browser.find(LISTENERS + " button").click();
        browser.find("#question button[value='yes']").click();
    }

    /** As an application has it that serves pages of its own. */
    @EnableWebSecurity
    static class CsrfForPages {

        @Bean
        SecurityFilterChain filterChain(HttpSecurity http) {
            return http.authorizeHttpRequests(all -> all.anyRequest().permitAll())
                    .csrf(CsrfConfigurer::spa)
                    .build();
        }
    }

    @Test
    void listenersAreStoppedWhereSpringSecurityAsksForItsToken() throws Exception {
        try (ConfigurableApplicationContext context = run(List.of(Listener.class, CsrfForPages.class), MEMBER)) {
            browser.open(page(context), 1280, 1000, "light");
            browser.awaitText(LISTENERS, "running");

            stopListener();

            browser.awaitText(LISTENERS, "stopped");
            browser.assertNoErrors();
        }
    }

    /** Spring Security's default: its token is in forms only. */
    @EnableWebSecurity
    static class CsrfForForms {

        @Bean
        SecurityFilterChain filterChain(HttpSecurity http) {
            return http.authorizeHttpRequests(all -> all.anyRequest().permitAll())
                    .build();
        }
    }

    @Test
    void aListenerThatMayNotBeStoppedFromThePageIsSaid() throws Exception {
        try (ConfigurableApplicationContext context = run(List.of(Listener.class, CsrfForForms.class), MEMBER)) {
            browser.open(page(context), 1280, 1000, "light");
            browser.awaitText(LISTENERS, "running");

            stopListener();

            browser.awaitText("#refusal", "CSRF");
            assertThat(context.getBean(CamureListenerEndpointRegistry.class)
                            .endpoint("board")
                            .isRunning())
                    .isTrue();
        }
    }

    /** Goes on by the tab key until what has the focus is called so. */
    private static WebElement tabTo(String name) {
        for (int i = 0; i < 50; i++) {
            WebElement focused = browser.driver().switchTo().activeElement();
            if (focused.getAccessibleName().equals(name)) {
                return focused;
            }
            focused.sendKeys(Keys.TAB);
        }
        throw new AssertionError("the tab key does not lead to '" + name + "'");
    }
}
