package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureGroups;
import io.camure.spring.CamureTemplate;
import io.camure.spring.callback.UnaskedFailures;
import io.camure.spring.flip.FlipGroups;
import io.camure.spring.flip.GroupSteps;
import io.camure.spring.payload.JsonPayloadConverter;
import io.camure.spring.payload.PayloadConverter;
import io.camure.spring.session.SessionBindings;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import tools.jackson.databind.json.JsonMapper;

/** Sends objects as messages, and says how they become those. */
@AutoConfiguration(
        after = CamureAutoConfiguration.class,
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@ConditionalOnBean(value = SessionBindings.class, search = SearchStrategy.CURRENT)
public final class CamureMessagingAutoConfiguration {

    private static final String JSON_CONVERTER = "camureJsonMessageConverter";

    /** What Spring Integration converts between types in channels with: it makes no messages, and throws when asked to. */
    private static final String CHANNEL_CONVERTER = "datatypeChannelMessageConverter";

    @Bean
    PayloadConverter camurePayloadConverter(
            ObjectProvider<MessageConverter> converters,
            @Qualifier(CHANNEL_CONVERTER) ObjectProvider<MessageConverter> channelConverter,
            @Qualifier(JSON_CONVERTER) ObjectProvider<MessageConverter> jsonConverter) {
        MessageConverter ofChannels = channelConverter.getIfAvailable();
        // Spring Integration and Spring's STOMP have compositions of their own as beans, which would come before ours.
        List<MessageConverter> ofTheApplication = converters
                .orderedStream()
                .filter(converter -> converter != ofChannels && !(converter instanceof CompositeMessageConverter))
                .toList();
        return PayloadConverter.of(ofTheApplication, jsonConverter.getIfAvailable());
    }

    @Bean
    @ConditionalOnMissingBean(value = CamureTemplate.class, search = SearchStrategy.CURRENT)
    CamureTemplate camureTemplate(
            CamureGroups groups,
            PayloadConverter converter,
            SessionBindings sessions,
            UnaskedFailures failures,
            FlipGroups flips) {
        return new CamureTemplate(
                groups,
                converter.messageConverter(),
                (group, payload) -> sessions.group(group)
                        .map(binding -> binding.definition().types().idOf(payload))
                        .orElse(null),
                (group, delivery) -> failures.watch(group, "sending", delivery),
                (group, value) -> failures.watch(group, "a flip", flips.flip(group, value)));
    }

    @Bean
    FlipGroups camureFlips(
            ConfigurableListableBeanFactory beanFactory,
            SessionBindings sessions,
            PayloadConverter converter,
            CamureRefreshProperties refresh,
            ObjectProvider<GroupSteps> own) {
        List<GroupSteps> steps = own.orderedStream().toList();
        String refreshed = refresh.group();
        if (refreshed != null && steps.stream().noneMatch(each -> each.group().equals(refreshed))) {
            throw refresh.withoutSpringCloud();
        }
        return new FlipGroups(beanFactory, sessions, converter, steps);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JsonMapper.class)
    static class JacksonConfiguration {

        /** Not a candidate for others, which have message converters of their own. */
        @Bean(name = JSON_CONVERTER, defaultCandidate = false)
        @ConditionalOnMissingBean(name = JSON_CONVERTER, search = SearchStrategy.CURRENT)
        JsonPayloadConverter camureJsonMessageConverter(ObjectProvider<JsonMapper> jsonMapper) {
            return new JsonPayloadConverter(jsonMapper.getIfAvailable(
                    () -> JsonMapper.builder().findAndAddModules().build()));
        }
    }
}
