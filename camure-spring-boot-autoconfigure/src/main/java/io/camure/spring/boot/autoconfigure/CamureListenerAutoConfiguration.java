package io.camure.spring.boot.autoconfigure;

import io.camure.spring.listener.CamureListenerBeanPostProcessor;
import io.camure.spring.listener.ListenerFactory;
import io.camure.spring.listener.ListenerMethods;
import io.camure.spring.listener.ListenerRegistry;
import io.camure.spring.payload.PayloadConverter;
import io.camure.spring.session.SessionBindings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.env.Environment;
import org.springframework.validation.Validator;

/** Calls methods with {@link io.camure.spring.CamureListener} when messages come. */
@AutoConfiguration(
        after = {CamureAutoConfiguration.class, CamureMessagingAutoConfiguration.class},
        afterName = "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration")
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@ConditionalOnBean(
        value = {SessionBindings.class, PayloadConverter.class},
        search = SearchStrategy.CURRENT)
public final class CamureListenerAutoConfiguration {

    @Bean
    static CamureListenerBeanPostProcessor camureListenerBeanPostProcessor(ObjectProvider<ListenerRegistry> registry) {
        return new CamureListenerBeanPostProcessor(registry);
    }

    /** Whoever injects a registry gets that of the application, if it has one; listeners are found by this one in any case. */
    @Bean
    @Fallback
    ListenerRegistry camureListenerEndpointRegistry(
            SessionBindings sessions,
            CamureProperties properties,
            ConfigurableBeanFactory beanFactory,
            PayloadConverter converter,
            ObjectProvider<Validator> validator,
            Environment environment) {
        ListenerMethods methods = new ListenerMethods(beanFactory, converter, validator.getIfUnique());
        return new ListenerRegistry(
                sessions,
                properties.enabled(),
                new ListenerFactory(
                        beanFactory, methods, Threading.VIRTUAL.isActive(environment), session -> (int) properties
                                .session(session)
                                .member()
                                .maximumMessageSize()
                                .toBytes()));
    }
}
