package io.camure.spring.boot.dashboard;

import io.camure.spring.boot.test.CamureTestAutoConfiguration;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** An application with the dashboard, on a free port of loopback. Its sessions are in memory. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class DashboardApplication {

    static final String[] COORDINATOR = {
        "camure.role=coordinator",
        "camure.name=coordinator",
        "camure.groups.start-line.type=barrier",
        "camure.groups.start-line.id=0",
        "camure.groups.start-line.expected-members=2",
        "camure.groups.prices.type=broadcast",
        "camure.groups.prices.id=1",
    };

    static final String[] MEMBER = {
        "camure.role=member",
        "camure.name=member",
        "camure.member.coordinator-timeout=4s",
        "management.endpoint.camure.access=unrestricted",
        "camure.groups.start-line.type=barrier",
        "camure.groups.start-line.id=0",
        "camure.groups.prices.type=broadcast",
        "camure.groups.prices.id=1",
    };

    static ConfigurableApplicationContext run(WebApplicationType type, String... properties) {
        return run(type, List.of(), properties);
    }

    /** @param beans more classes of the application */
    static ConfigurableApplicationContext run(WebApplicationType type, List<Class<?>> beans, String... properties) {
        return new SpringApplicationBuilder(DashboardApplication.class, CamureTestAutoConfiguration.class)
                .sources(beans.toArray(Class<?>[]::new))
                .web(type)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "management.endpoints.web.exposure.include=camure,camuredashboard",
                        "spring.main.banner-mode=off",
                        "logging.level.root=warn")
                .run(Arrays.stream(properties).map(each -> "--" + each).toArray(String[]::new));
    }

    static int port(ConfigurableApplicationContext context, String name) {
        return context.getEnvironment().getRequiredProperty("local." + name + ".port", Integer.class);
    }
}
