package io.camure.spring.boot.dashboard;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.WebFilter;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The page at {@code /actuator/camure/dashboard}, where that is exposed as {@code camuredashboard}; and, in an application with one
 * port, {@code /camure} as a short way to it.
 */
@AutoConfiguration
@ConditionalOnWebApplication
@ConditionalOnAvailableEndpoint(CamureDashboardEndpoint.class)
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@ImportRuntimeHints(DashboardRuntimeHints.class)
public final class CamureDashboardAutoConfiguration {

    private static final String SHORT_PATH = "/camure";

    @Bean
    @ConditionalOnMissingBean
    CamureDashboardEndpoint camureDashboardEndpoint(DashboardPage page) {
        return new CamureDashboardEndpoint(page);
    }

    @Bean
    DashboardPage camureDashboardPage(ObjectProvider<PathMappedEndpoints> endpoints) {
        return new DashboardPage(endpoints);
    }

    /** Beside the data; {@code management.endpoints.web.path-mapping.camuredashboard} comes before it. */
    @Bean
    PathMapper camureDashboardPathMapper() {
        return endpoint -> endpoint.equals(DashboardPage.PAGE) ? "camure/dashboard" : null;
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RouterFunction.class)
    @ConditionalOnWebApplication(type = Type.SERVLET)
    @ConditionalOnManagementPort(ManagementPortType.SAME)
    static class ServletShortPathConfiguration {

        @Bean
        RouterFunction<ServerResponse> camureDashboardShortPath(DashboardPage page) {
            return RouterFunctions.route()
                    .GET(
                            SHORT_PATH,
                            request -> page.fromShortPath()
                                    .map(way -> ServerResponse.status(HttpStatus.FOUND)
                                            .location(way)
                                            .build())
                                    .orElseGet(() -> ServerResponse.notFound().build()))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(org.springframework.web.reactive.function.server.RouterFunction.class)
    @ConditionalOnWebApplication(type = Type.REACTIVE)
    @ConditionalOnManagementPort(ManagementPortType.SAME)
    static class ReactiveShortPathConfiguration {

        @Bean
        org.springframework.web.reactive.function.server.RouterFunction<?> camureDashboardShortPath(
                DashboardPage page) {
            return org.springframework.web.reactive.function.server.RouterFunctions.route()
                    .GET(
                            SHORT_PATH,
                            request -> page.fromShortPath()
                                    .map(way -> org.springframework.web.reactive.function.server.ServerResponse.status(
                                                    HttpStatus.FOUND)
                                            .location(way)
                                            .build())
                                    .orElseGet(() ->
                                            org.springframework.web.reactive.function.server.ServerResponse.notFound()
                                                    .build()))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebFilter.class)
    @ConditionalOnWebApplication(type = Type.REACTIVE)
    static class ReactiveHeadersConfiguration {

        @Bean
        WebFilter camureDashboardHeaders(DashboardPage page) {
            return (exchange, chain) -> {
                if (page.isAt(exchange.getRequest().getPath().value())) {
                    page.headers().forEach(exchange.getResponse().getHeaders()::set);
                }
                return chain.filter(exchange);
            };
        }
    }
}
