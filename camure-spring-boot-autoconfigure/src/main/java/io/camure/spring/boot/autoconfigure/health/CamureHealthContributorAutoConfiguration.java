package io.camure.spring.boot.autoconfigure.health;

import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.camure.spring.session.SessionBindings;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * Health under {@code camure}, with each session and group below it: joining is OUT_OF_SERVICE, lost is DOWN, not started is
 * UNKNOWN. An application without a session has nothing below it, and its own health does not depend on it.
 */
@AutoConfiguration(after = CamureAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@ConditionalOnBean(value = SessionBindings.class, search = SearchStrategy.CURRENT)
@ConditionalOnEnabledHealthIndicator("camure")
public final class CamureHealthContributorAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "camureHealthContributor", search = SearchStrategy.CURRENT)
    CompositeHealthContributor camureHealthContributor(SessionBindings sessions) {
        return new SessionsHealthContributor(sessions);
    }
}
