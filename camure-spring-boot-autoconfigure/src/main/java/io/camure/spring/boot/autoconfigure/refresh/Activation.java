package io.camure.spring.boot.autoconfigure.refresh;

import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration.RefreshProperties;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;

/** Refreshes the application as Spring Cloud does, by configuration that was fetched before. */
final class Activation extends ContextRefresher {

    private final FetchedConfiguration fetched;

    Activation(
            ConfigurableApplicationContext context,
            RefreshScope scope,
            RefreshProperties properties,
            FetchedConfiguration fetched) {
        super(context, scope, properties);
        this.fetched = fetched;
    }

    @Override
    protected void updateEnvironment() {
        fetched.putInto(getContext().getEnvironment().getPropertySources());
    }
}
