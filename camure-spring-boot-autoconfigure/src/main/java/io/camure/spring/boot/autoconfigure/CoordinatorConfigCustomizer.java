package io.camure.spring.boot.autoconfigure;

import io.camure.CoordinatorConfig;

/**
 * Changes how the sessions are run that this application coordinates. Beans of this type are called in their order when the
 * session's bean is made, after the properties were applied; whatever they throw keeps the application from starting.
 */
@FunctionalInterface
public interface CoordinatorConfigCustomizer {

    /**
     * Changes settings of a session. The node's name stays that of the properties.
     *
     * @param session as in {@code camure.sessions}; {@code default} is the one without a name
     */
    void customize(String session, CoordinatorConfig.Builder builder);
}
