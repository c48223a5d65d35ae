package io.camure.spring.boot.autoconfigure.refresh;

import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.camure.spring.boot.autoconfigure.CamureMessagingAutoConfiguration;
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

/** Refreshes the configuration of all nodes in {@code camure.refresh.group} together, by Spring Cloud. */
@AutoConfiguration(
        after = CamureAutoConfiguration.class,
        before = CamureMessagingAutoConfiguration.class,
        afterName = {
            "org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration",
            "org.springframework.cloud.autoconfigure.RefreshAutoConfiguration"
        })
@ConditionalOnClass(RefreshScope.class)
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@ConditionalOnProperty(ConfigurationRefresh.PROPERTY)
@ConditionalOnBean(value = SessionBindings.class, search = SearchStrategy.CURRENT)
public final class CamureRefreshAutoConfiguration {

    private static final String[] NO_ARGUMENTS = {};

    @Bean
    @ConditionalOnBean({RefreshScope.class, ConfigurationPropertiesBeans.class})
    ConfigurationRefresh camureConfigurationRefresh(
            CamureRefreshProperties refresh,
            ConfigurableApplicationContext context,
            RefreshScope scope,
            RefreshProperties properties,
            Fetching fetching,
            ConfigurationPropertiesBeans beans) {
        String group = Objects.requireNonNull(refresh.group());
        return new ConfigurationRefresh(group, context, scope, properties, fetching, new Bindings(context, beans));
    }

    @Bean
    Refreshes camureRefreshes(CamureRefreshProperties refresh, FlipGroups flips, SessionBindings sessions) {
        return new Refreshes(Objects.requireNonNull(refresh.group()), flips, sessions);
    }

    @Bean
    @ConditionalOnBean(RefreshScope.class)
    @ConditionalOnBootstrapDisabled
    Fetching camureConfigDataFetching(
            RefreshScope scope, RefreshProperties properties, ObjectProvider<StartedBy> startedBy) {
        return copy -> {
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
    @ConditionalOnBean(RefreshScope.class)
    @ConditionalOnBootstrapEnabled
    Fetching camureBootstrapFetching(RefreshScope scope, RefreshProperties properties) {
        return copy -> new LegacyContextRefresher(copy, scope, properties);
    }
}
