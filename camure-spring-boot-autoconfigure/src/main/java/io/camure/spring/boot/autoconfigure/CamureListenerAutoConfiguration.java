package io.camure.spring.boot.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import tools.jackson.databind.json.JsonMapper;

/** Calls methods with {@link io.camure.spring.CamureListener} when messages come. */
@AutoConfiguration(
        after = CamureAutoConfiguration.class,
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
public final class CamureListenerAutoConfiguration {

    private static final String JSON_CONVERTER = "camureJsonMessageConverter";

    @Bean
    static CamureListenerBeanPostProcessor camureListenerBeanPostProcessor(ObjectProvider<CamureListeners> listeners) {
        return new CamureListenerBeanPostProcessor(listeners);
    }

    /** A bean that nobody asks for would never be made, and its listeners would never be found. */
    @Bean
    static LazyInitializationExcludeFilter camureListenerLazyInitializationExcludeFilter() {
        return (name, definition, type) ->
                !CamureListenerBeanPostProcessor.listenerMethods(type).isEmpty();
    }

    @Bean
    CamureListeners camureListeners(
            ObjectProvider<CamureSessions> sessions,
            CamureProperties properties,
            ConfigurableBeanFactory beanFactory,
            @Qualifier(JSON_CONVERTER) ObjectProvider<MessageConverter> jsonConverter) {
        return new CamureListeners(
                sessions, properties, new ListenerMethods(beanFactory, jsonConverter.getIfAvailable()));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JsonMapper.class)
    static class JacksonConfiguration {

        /** Not a candidate for others, which have message converters of their own. */
        @Bean(name = JSON_CONVERTER, defaultCandidate = false)
        @ConditionalOnMissingBean(name = JSON_CONVERTER)
        JacksonJsonMessageConverter camureJsonMessageConverter(ObjectProvider<JsonMapper> jsonMapper) {
            JsonMapper mapper = jsonMapper.getIfAvailable();
            return mapper == null ? new JacksonJsonMessageConverter() : new JacksonJsonMessageConverter(mapper);
        }
    }
}
