package io.camure.spring.boot.autoconfigure.refresh;

import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.camure.spring.boot.autoconfigure.CamureRefreshProperties;
import io.camure.spring.flip.FlipGroups;
import io.camure.spring.session.SessionBindings;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration.RefreshProperties;
import org.springframework.cloud.context.config.ContextRefreshedWithApplicationEvent;
import org.springframework.cloud.context.properties.ConfigurationPropertiesBeans;
import org.springframework.cloud.context.refresh.ConfigDataContextRefresher;
import org.springframework.cloud.context.refresh.LegacyContextRefresher;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.cloud.util.ConditionalOnBootstrapDisabled;
import org.springframework.cloud.util.ConditionalOnBootstrapEnabled;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Refreshes the configuration of all nodes in {@code camure.refresh.group} together, by Spring Cloud. In no order with Spring Cloud's own: that
 * would bring it before what it has to come after.
 */
@AutoConfiguration(after = CamureAutoConfiguration.class)
@ConditionalOnClass(RefreshScope.class)
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@ConditionalOnProperty(ConfigurationRefresh.PROPERTY)
@ConditionalOnBean(value = SessionBindings.class, search = SearchStrategy.CURRENT)
public final class CamureRefreshAutoConfiguration {

    private static final String[] NO_ARGUMENTS = {};

    @Bean
    ConfigurationRefresh camureConfigurationRefresh(
            CamureRefreshProperties refresh,
            ConfigurableApplicationContext context,
            ObjectProvider<RefreshScope> scopes,
            ObjectProvider<RefreshProperties> properties,
            Fetching fetching,
            ObjectProvider<ConfigurationPropertiesBeans> beans) {
        RefreshScope scope = scopes.getIfAvailable();
        if (scope == null) {
            throw refresh.withoutSpringCloud();
        }
        return new ConfigurationRefresh(
                Objects.requireNonNull(refresh.group()),
                context,
                scope,
                properties.getObject(),
                fetching,
                new Bindings(context, beans));
    }

    @Bean
    Refreshes camureRefreshes(CamureRefreshProperties refresh, FlipGroups flips, SessionBindings sessions) {
        return new Refreshes(Objects.requireNonNull(refresh.group()), flips, sessions);
    }

    @Bean
    @ConditionalOnBootstrapDisabled
    Fetching camureConfigDataFetching(ObjectProvider<StartedBy> startedBy) {
        return (copy, scope, properties) -> {
            StartedBy starter = startedBy.getIfAvailable();
            if (starter == null) {
                throw new IllegalStateException(
                        "no SpringApplication has started this application, and so its configuration can't be fetched");
            }
            SpringApplication application = starter.application();
            ConfigDataContextRefresher refresher = new ConfigDataContextRefresher(copy, scope, properties);
            refresher.onApplicationEvent(new ContextRefreshedWithApplicationEvent(application, NO_ARGUMENTS, copy));
            return refresher;
        };
    }

    @Bean
    @ConditionalOnBootstrapEnabled
    Fetching camureBootstrapFetching() {
        return LegacyContextRefresher::new;
    }
}
