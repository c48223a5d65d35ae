package io.camure.spring.boot.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.util.StringUtils;

/** The document, put together from its parts so that it needs no other. */
final class DashboardPage {

    static final EndpointId DATA = EndpointId.of("camure");
    static final EndpointId PAGE = EndpointId.of(CamureDashboardEndpoint.ID);

    /** Each uses what the ones before it declare. */
    private static final List<String> SCRIPTS = List.of(
            "elements.js",
            "format.js",
            "chart.js",
            "members.js",
            "lanes.js",
            "groups.js",
            "session.js",
            "listeners.js",
            "events.js",
            "main.js");

    private final ObjectProvider<PathMappedEndpoints> endpoints;
    private final String template;
    private final Map<String, String> headers;

    /** @param endpoints asked when the page is: they can't be found before the page is one of them */
    DashboardPage(ObjectProvider<PathMappedEndpoints> endpoints) {
        this.endpoints = endpoints;
        String style = read("dashboard.css");
        String script =
                SCRIPTS.stream().map(DashboardPage::read).collect(Collectors.joining("\n", "'use strict';\n", ""));
        template = read("dashboard.html").replace("{{style}}", style).replace("{{script}}", script);
        headers = PageHeaders.of(style, script);
    }

    /** To be sent with it, by name. */
    Map<String, String> headers() {
        return headers;
    }

    private static String read(String name) {
        try (InputStream in = DashboardPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar of the dashboard");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String html() {
        PathMappedEndpoints all = endpoints.getObject();
        return template.replace("{{endpoint}}", relative(all.getPath(PAGE), all.getPath(DATA)));
    }

    /** Whether a request is for the page, whatever is put in front of its path. */
    boolean isAt(String path) {
        String own = endpoints.getObject().getPath(PAGE);
        return own != null && path.endsWith(own);
    }

    /** Where the page is, as seen from a path without a slash in it; nothing where it is not exposed. */
    Optional<URI> fromShortPath() {
        return Optional.ofNullable(endpoints.getObject().getPath(PAGE)).map(path -> URI.create(path.substring(1)));
    }

    /**
     * The way from one path to another, which is right whatever is put in front of both, by a context path or a proxy.
     *
     * @param data {@code null} when the endpoint is not exposed: then it is where it would be, and the page says so
     */
    static String relative(@Nullable String page, @Nullable String data) {
        if (page == null || data == null) {
            return "../camure";
        }
        int depth = StringUtils.countOccurrencesOf(page, "/") - 1;
        return "../".repeat(depth) + data.substring(1);
    }
}
