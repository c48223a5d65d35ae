package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureConfigurationException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How the configuration of all instances is refreshed together.
 *
 * @param group The group whose nodes fetch their configuration anew and refresh it in one step, or not at all: one of camure.groups
 * that is a collective of byte[], and for nothing else. Takes Spring Cloud's ContextRefresher. Default: nothing is refreshed together.
 */
@ConfigurationProperties("camure.refresh")
public record CamureRefreshProperties(@Nullable String group) {

    /** What there is to say where nothing refreshes. */
    public CamureConfigurationException withoutSpringCloud() {
        return new CamureConfigurationException(
                "camure.refresh.group is '" + group + "', but Spring Cloud refreshes nothing in this application.",
                "Add org.springframework.cloud:spring-cloud-context, which the starters of Spring Cloud bring, and don't set"
                        + " spring.cloud.refresh.enabled to false; or remove camure.refresh.group.");
    }
}
