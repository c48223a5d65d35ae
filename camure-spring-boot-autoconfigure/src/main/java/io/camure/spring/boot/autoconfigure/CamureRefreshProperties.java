package io.camure.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How the configuration of all instances is refreshed together.
 *
 * @param group The group whose nodes fetch their configuration anew and refresh it in one step, or not at all: one of camure.groups
 * that is a collective of byte[], and for nothing else. Takes Spring Cloud's ContextRefresher. Default: nothing is refreshed together.
 */
@ConfigurationProperties("camure.refresh")
public record CamureRefreshProperties(@Nullable String group) {}
