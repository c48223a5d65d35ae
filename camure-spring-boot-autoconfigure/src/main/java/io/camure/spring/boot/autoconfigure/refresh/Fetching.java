package io.camure.spring.boot.autoconfigure.refresh;

import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration.RefreshProperties;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;

/** How Spring Cloud fetches the configuration of this application. */
interface Fetching {

    /** What fetches it for an application context that stands for the application's own. */
    ContextRefresher into(ConfigurableApplicationContext copy, RefreshScope scope, RefreshProperties properties);
}
