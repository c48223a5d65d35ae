package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.Member;
import io.camure.Transport;
import io.camure.spring.CamureConfigurationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/** Beans of the application that take the place of properties, or have the last word after them. */
class ConnectionDetailsTest {

    private static final int PORT = TestSession.freePort();
    private static final int MULTICAST_PORT = TestSession.freePort();

    static class Details implements CamureConnectionDetails {

        @Override
        public @Nullable String getBindAddress(String session) {
            return session.equals("default") ? "127.0.0.1:" + PORT : null;
        }

        @Override
        public String getMulticastAddress(String session) {
            return "239.255.74.0:" + MULTICAST_PORT;
        }

        @Override
        public @Nullable String getCoordinatorAddress(String session) {
            return session.equals("default") ? "localhost:" + PORT : null;
        }

        @Override
        public String getNetworkInterface(String session) {
            return "127.0.0.1";
        }
    }

    @Test
    void aBeanTellsAddressesInsteadOfProperties() {
        ApplicationContextRunner runner = TestSession.application().withBean(Details.class);
        runner.withPropertyValues("camure.role=coordinator").run(coordinator -> {
            assertThat(coordinator).hasSingleBean(CamureConnectionDetails.class);
            assertThat(coordinator.getBean(Coordinator.class).address().getPort())
                    .isEqualTo(PORT);
            assertThat(coordinator.getBean(Coordinator.class).multicastAddress().getPort())
                    .isEqualTo(MULTICAST_PORT);
            runner.withPropertyValues("camure.role=member", "camure.member.coordinator-address=127.0.0.1:9")
                    .run(member -> assertThat(member.getBean(Member.class)
                                    .coordinatorAddress()
                                    .getPort())
                            .isEqualTo(PORT));
        });
    }

    @Test
    void theNetworkInterfaceIsThatOfTheBean() {
        TestSession.coordinator()
                .withBean(CamureConnectionDetails.class, () -> new Details() {
                    @Override
                    public String getNetworkInterface(String session) {
                        return "nope0";
                    }
                })
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("nope0"));
    }

    @Test
    void aSessionThatTheBeanDoesNotKnowIsRefused() {
        TestSession.application()
                .withBean(Details.class)
                .withPropertyValues("camure.sessions.other.role=member")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContaining("camure.sessions.other.member.coordinator-address is not set"));
    }

    static class Customizers {

        @Bean
        @Order(2)
        CoordinatorConfigCustomizer second() {
            return (session, builder) -> builder.transport(Transport.NIO).name("not " + session);
        }

        @Bean
        @Order(1)
        CoordinatorConfigCustomizer first() {
            return (session, builder) -> builder.transport(Transport.LINUX).maximumMembers(1);
        }

        @Bean
        MemberConfigCustomizer member() {
            return (session, builder) -> {
                throw new IllegalStateException("asked for " + session);
            };
        }
    }

    @Test
    void customizersChangeTheConfigurationInTheirOrder() {
        // Without the second one it would not start: what speaks Linux is not on this class path.
        TestSession.coordinator().withUserConfiguration(Customizers.class).run(context -> {
            assertThat(context.getBean(Coordinator.class).transport()).isEqualTo("nio");
            assertThat(context.getBean(Coordinator.class).name()).isEqualTo("coordinator");
            TestSession.memberOf(context)
                    .run(member -> TestSession.memberOf(context)
                            .withPropertyValues("camure.member.startup=fail", "camure.member.join-timeout=200ms")
                            .run(second -> assertThat(second).hasFailed()));
        });
    }

    @Test
    void whatACustomizerThrowsKeepsTheApplicationFromStarting() {
        TestSession.member(9)
                .withUserConfiguration(Customizers.class)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessage("asked for default"));
    }
}
