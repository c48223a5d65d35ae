package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureGroups;
import io.camure.spring.callback.Callbacks;
import io.camure.spring.callback.UnaskedFailures;
import io.camure.spring.collective.CollectiveBeans;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.group.SessionGroups;
import io.camure.spring.observation.CurrentObservation;
import io.camure.spring.payload.PayloadConverter;
import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionBindings;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.util.function.SingletonSupplier;

/**
 * The sessions and groups in {@code camure.*} as beans; without such properties there is no session.
 *
 * <p>A coordinator has a {@link io.camure.Coordinator}, and for each group a {@link io.camure.CoordinatorBarrier} or
 * {@link io.camure.BroadcastGroup}; a member has a {@link io.camure.Member}, and for each group a {@link io.camure.Barrier} or
 * {@link io.camure.BroadcastReceiver}. A collective is a {@link io.camure.Collective} at both. The bean of a group has the group's name and that name in camel case:
 * {@code start-line} is injected by {@code @Qualifier("start-line")}, and into a parameter {@code startLine} without.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@EnableConfigurationProperties({CamureProperties.class, CamureRefreshProperties.class})
@Import(CamureBeanRegistrar.class)
@ImportRuntimeHints(CamureRuntimeHints.class)
public final class CamureAutoConfiguration {

    private static final String OBSERVATION_CONTEXT = "camureObservationContext";

    @Bean
    @ConditionalOnMissingBean(value = CamureConnectionDetails.class, search = SearchStrategy.CURRENT)
    PropertiesCamureConnectionDetails camureConnectionDetails(CamureProperties properties) {
        return new PropertiesCamureConnectionDetails(properties);
    }

    /** Callbacks of futures run where Boot has tasks of the application run, unless it has no such executor. */
    @Bean
    Callbacks camureCallbacks(
            @Qualifier(TaskExecutionAutoConfiguration.APPLICATION_TASK_EXECUTOR_BEAN_NAME)
                    ObjectProvider<Executor> executor,
            ObjectProvider<TaskDecorator> contexts,
            @Qualifier(OBSERVATION_CONTEXT) ObjectProvider<TaskDecorator> observationContext) {
        return new Callbacks(
                SingletonSupplier.of(executor::getIfAvailable),
                SingletonSupplier.of(() -> Stream.concat(observationContext.stream(), contexts.orderedStream())
                        .toList()));
    }

    @Bean
    UnaskedFailures camureUnaskedFailures() {
        return new UnaskedFailures();
    }

    @Bean
    CollectiveBeans camureCollectives(
            ConfigurableListableBeanFactory beanFactory,
            ObjectProvider<PayloadConverter> converter,
            ObjectProvider<SessionBindings> sessions) {
        return new CollectiveBeans(beanFactory, converter, sessions);
    }

    @Bean
    Elections camureElections(
            ConfigurableBeanFactory beanFactory,
            ObjectProvider<CoordinatorElection> own,
            ObjectProvider<ElectionEngine> engines) {
        return new Elections(beanFactory, own, engines);
    }

    @Bean
    SessionBindings camureSessions(ObjectProvider<SessionBinding> sessions) {
        return new SessionBindings(sessions.orderedStream());
    }

    @Bean
    @ConditionalOnMissingBean(value = CamureGroups.class, search = SearchStrategy.CURRENT)
    SessionGroups camureGroups(SessionBindings sessions) {
        return new SessionGroups(sessions, sessions.all());
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ContextSnapshot.class)
    static class ContextPropagationConfiguration {

        /** Not a candidate for others: what they decorate is decorated by what the application has. */
        @Bean(name = OBSERVATION_CONTEXT, defaultCandidate = false)
        ContextPropagatingTaskDecorator camureObservationContext() {
            return new ContextPropagatingTaskDecorator();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ObservationRegistry.class)
    @ConditionalOnMissingClass("io.micrometer.context.ContextSnapshot")
    static class ObservationContextConfiguration {

        /** Not a candidate for others: what they decorate is decorated by what the application has. */
        @Bean(name = OBSERVATION_CONTEXT, defaultCandidate = false)
        CurrentObservation camureObservationContext(ObjectProvider<ObservationRegistry> registry) {
            return new CurrentObservation(registry::getIfUnique);
        }
    }
}
