package io.camure.spring.boot.dashboard;

import static io.camure.spring.boot.dashboard.DashboardApplication.COORDINATOR;
import static io.camure.spring.boot.dashboard.DashboardApplication.port;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** Where the page is, and that it finds its data there. */
class DashboardTest {

    private static final Pattern ENDPOINT = Pattern.compile("<body data-endpoint=\"([^\"]+)\">");

    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    private HttpResponse<String> get(URI uri, String accept) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri).header("Accept", accept).build(), HttpResponse.BodyHandlers.ofString());
    }

    private void assertPageWithData(URI uri) throws Exception {
        // As a browser asks.
        HttpResponse<String> page = get(uri, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        assertThat(page.statusCode()).as(uri.toString()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow())
                .isEqualToIgnoringWhitespace("text/html;charset=UTF-8");
        assertThat(page.body())
                .startsWith("<!doctype html>")
                .doesNotContain("{{")
                .contains("µs");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        Matcher endpoint = ENDPOINT.matcher(page.body());
        assertThat(endpoint.find()).isTrue();
        HttpResponse<String> data = get(page.uri().resolve(endpoint.group(1)), "application/json");
        assertThat(data.statusCode()).as(data.uri().toString()).isEqualTo(200);
        assertThat(data.body())
                .contains(
                        "\"node\":\"coordinator\"", "\"name\":\"start-line\"", "\"arrived\":0", "\"address\":\"hidden-")
                .doesNotContain("null", "127.0.0.1", "incarnation");
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void aShortPathLeadsToThePageWhichFindsItsData(WebApplicationType type) throws Exception {
        try (ConfigurableApplicationContext context = DashboardApplication.run(type, COORDINATOR)) {
            URI root = URI.create("http://127.0.0.1:" + port(context, "server"));
            assertPageWithData(root.resolve("/camure"));
            assertPageWithData(root.resolve("/actuator/camure/dashboard"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            server.servlet.context-path=/shop | /shop/camure
            server.servlet.context-path=/shop | /shop/actuator/camure/dashboard
            management.endpoints.web.base-path=/manage/it | /manage/it/camure/dashboard
            management.endpoints.web.base-path=/manage/it | /camure
            management.endpoints.web.base-path=/ | /camure/dashboard
            management.endpoints.web.path-mapping.camure=sessions | /camure
            management.endpoints.web.path-mapping.camuredashboard=page | /actuator/page
            """)
    void pathsAreThoseOfTheActuator(String property, String path) throws Exception {
        try (ConfigurableApplicationContext context = run(property)) {
            assertPageWithData(URI.create("http://127.0.0.1:" + port(context, "server") + path));
        }
    }

    private static ConfigurableApplicationContext run(String... properties) {
        List<String> all = new ArrayList<>(List.of(COORDINATOR));
        all.addAll(List.of(properties));
        return DashboardApplication.run(WebApplicationType.SERVLET, all.toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void withAPortOfItsOwnThePageIsThereOnly(WebApplicationType type) throws Exception {
        String[] properties = Stream.concat(
                        Stream.of(COORDINATOR),
                        Stream.of("management.server.port=0", "management.server.base-path=/internal"))
                .toArray(String[]::new);
        try (ConfigurableApplicationContext context = DashboardApplication.run(type, properties)) {
            assertPageWithData(URI.create(
                    "http://127.0.0.1:" + port(context, "management") + "/internal/actuator/camure/dashboard"));
            URI application = URI.create("http://127.0.0.1:" + port(context, "server") + "/camure");
            assertThat(get(application, "text/html").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void listenersAreOnlyChangedWhereThatIsAllowed() throws Exception {
        try (ConfigurableApplicationContext context = run()) {
            assertThat(stopListener(context)).isEqualTo(405);
        }
        try (ConfigurableApplicationContext context = run("management.endpoint.camure.access=unrestricted")) {
            // It is asked, and has no such listener.
            assertThat(stopListener(context)).isEqualTo(400);
        }
    }

    private int stopListener(ConfigurableApplicationContext context) throws Exception {
        URI listener = URI.create("http://127.0.0.1:" + port(context, "server") + "/actuator/camure/listeners/board");
        return client.send(
                        HttpRequest.newBuilder(listener)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"action\": \"stop\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void itIsNotThereUnlessItIsExposed() throws Exception {
        try (ConfigurableApplicationContext context = run("management.endpoints.web.exposure.include=camure")) {
            URI root = URI.create("http://127.0.0.1:" + port(context, "server"));
            assertThat(get(root.resolve("/camure"), "text/html").statusCode()).isEqualTo(404);
            // The endpoint answers at paths like this one, but never by a page.
            assertThat(get(root.resolve("/actuator/camure/dashboard"), "text/html")
                            .statusCode())
                    .isEqualTo(406);
            assertThat(get(root.resolve("/actuator/camure/dashboard"), "application/json")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void theWayToTheDataIsRelative() {
        assertThat(DashboardPage.relative("/actuator/camure/dashboard", "/actuator/camure"))
                .isEqualTo("../../actuator/camure");
        assertThat(DashboardPage.relative("/page", "/camure")).isEqualTo("camure");
        assertThat(DashboardPage.relative("/actuator/camure/dashboard", null)).isEqualTo("../camure");
    }

    @Test
    void itsPartsAreInANativeImage() {
        RuntimeHints hints = new RuntimeHints();
        new DashboardRuntimeHints().registerHints(hints, null);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/camure/spring/boot/dashboard/main.js"))
                .accepts(hints);
    }
}
