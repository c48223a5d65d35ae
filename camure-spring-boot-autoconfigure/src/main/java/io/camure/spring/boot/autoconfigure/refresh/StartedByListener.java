package io.camure.spring.boot.autoconfigure.refresh;

import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Keeps what starts the application. Spring Cloud tells it only once the application context has been refreshed, when this node may already be in
 * a group that has something to refresh.
 */
final class StartedByListener implements ApplicationListener<ApplicationPreparedEvent> {

    @Override
    public void onApplicationEvent(ApplicationPreparedEvent event) {
        ConfigurableApplicationContext context = event.getApplicationContext();
        if (context.getEnvironment().containsProperty(ConfigurationRefresh.PROPERTY)) {
            context.getBeanFactory().registerSingleton("camureStartedBy", new StartedBy(event.getSpringApplication()));
        }
    }
}
