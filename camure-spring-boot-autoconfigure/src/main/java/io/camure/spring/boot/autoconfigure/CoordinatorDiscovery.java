package io.camure.spring.boot.autoconfigure;

import io.camure.CoordinatorLocator;

/**
 * Finds the coordinator of a session among the instances of a service. With Spring Cloud on the class path a bean of this type asks
 * its {@code DiscoveryClient}; an application can have one of its own instead. Must be thread-safe.
 */
@FunctionalInterface
public interface CoordinatorDiscovery {

    /**
     * Where the coordinator is. Nothing is looked up yet.
     *
     * @param service its id, as in {@code camure.member.coordinator-service}
     * @return {@code toString()} is what logs and errors call it
     */
    CoordinatorLocator locator(String service);
}
