package io.camure.spring.boot.test;

import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.camure.spring.boot.autoconfigure.CamureListenerAutoConfiguration;
import io.camure.spring.boot.autoconfigure.CamureMessagingAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications on the kit, without a test class. */
final class TestApplications {

    private TestApplications() {}

    static ApplicationContextRunner application(String role) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CamureTestAutoConfiguration.class,
                        CamureAutoConfiguration.class,
                        CamureMessagingAutoConfiguration.class,
                        CamureListenerAutoConfiguration.class))
                .withPropertyValues(
                        "camure.role=" + role,
                        "camure.name=" + role,
                        "camure.groups.news.type=broadcast",
                        "camure.groups.news.id=1",
                        "camure.groups.start-line.type=barrier",
                        "camure.groups.start-line.id=2",
                        "camure.member.coordinator-timeout=4s",
                        "camure.member.rejoin.initial-interval=50ms");
    }
}
