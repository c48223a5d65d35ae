package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureGroups;
import io.camure.spring.group.SessionGroups;
import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionBindings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * The sessions and groups in {@code camure.*} as beans; without such properties there is no session.
 *
 * <p>A coordinator has a {@link io.camure.Coordinator}, and for each group a {@link io.camure.CoordinatorBarrier} or
 * {@link io.camure.BroadcastGroup}; a member has a {@link io.camure.Member}, and for each group a {@link io.camure.Barrier} or
 * {@link io.camure.BroadcastReceiver}. The bean of a group has the group's name and that name in camel case:
 * {@code start-line} is injected by {@code @Qualifier("start-line")}, and into a parameter {@code startLine} without.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CamureProperties.class)
@Import(CamureBeanRegistrar.class)
@ImportRuntimeHints(CamureRuntimeHints.class)
public final class CamureAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(value = CamureConnectionDetails.class, search = SearchStrategy.CURRENT)
    PropertiesCamureConnectionDetails camureConnectionDetails(CamureProperties properties) {
        return new PropertiesCamureConnectionDetails(properties);
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
}
