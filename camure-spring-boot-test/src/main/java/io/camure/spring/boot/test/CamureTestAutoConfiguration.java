package io.camure.spring.boot.test;

import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.camure.spring.boot.autoconfigure.CamureConnectionDetails;
import io.camure.spring.boot.autoconfigure.CoordinatorConfigCustomizer;
import io.camure.spring.boot.autoconfigure.MemberConfigCustomizer;
import io.camure.test.CamureTestCoordinator;
import io.camure.test.CamureTestNetwork;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Attaches the application's sessions to an in-memory network; see {@link AutoConfigureCamure}. */
@AutoConfiguration(before = CamureAutoConfiguration.class)
@EnableConfigurationProperties(CamureTestProperties.class)
@Import(ScriptedCoordinatorRegistrar.class)
public final class CamureTestAutoConfiguration {

    /** What this application's members run on. */
    private static final String APPLICATION_HOST = "application";

    /** A network of a test's own may connect the applications of several contexts. */
    @Bean
    @ConditionalOnMissingBean
    CamureTestNetwork camureTestNetwork(CamureTestProperties properties) {
        return CamureTestNetwork.withSeed(properties.seed()).patience(properties.timeout());
    }

    /** Primary, since an application may have its own. */
    @Bean
    @Primary
    CamureConnectionDetails camureTestConnectionDetails(CamureTestNetwork network, Environment environment) {
        ConfiguredSession.all(environment).forEach(session -> session.name(network));
        return new CamureTestConnectionDetails(network);
    }

    /** Last, so that no other one attaches the session to another network. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    CoordinatorConfigCustomizer camureTestCoordinatorConfigCustomizer(CamureTestNetwork network) {
        return (session, builder) -> builder.network(network.session(session).coordinatorHost());
    }

    /** Last, so that no other one attaches the session to another network. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    MemberConfigCustomizer camureTestMemberConfigCustomizer(CamureTestNetwork network) {
        return (session, builder) -> builder.network(network.host(APPLICATION_HOST));
    }

    /** Sessions could not be joined if their coordinators waited for somebody to ask for them. */
    @Bean
    static LazyInitializationExcludeFilter camureTestCoordinatorLazyInitializationExcludeFilter() {
        return LazyInitializationExcludeFilter.forBeanTypes(CamureTestCoordinator.class, CamureTestEvents.class);
    }

    @Bean
    CamureTestEvents camureTestEvents(CamureTestProperties properties) {
        return new CamureTestEvents(properties.timeout());
    }

    @Bean
    CamureListenerHarness camureListenerHarness(CamureTestProperties properties) {
        return new CamureListenerHarness(properties.timeout());
    }

    @Bean
    static ListenerRecordingPostProcessor camureListenerRecordingPostProcessor() {
        return new ListenerRecordingPostProcessor();
    }
}
