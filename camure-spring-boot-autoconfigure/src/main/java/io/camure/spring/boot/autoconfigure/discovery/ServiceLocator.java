package io.camure.spring.boot.autoconfigure.discovery;

import io.camure.CoordinatorLocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/** A coordinator that is one of the instances of a service, which are asked for each time. */
record ServiceLocator(DiscoveryClient client, String service) implements CoordinatorLocator {

    /** Where an instance says by its metadata at which port it coordinates. */
    static final String PORT_KEY = "camure.port";

    static final int DEFAULT_PORT = 7400;

    @Override
    public List<InetSocketAddress> candidates() throws IOException {
        List<ServiceInstance> instances = client.getInstances(service);
        if (instances.isEmpty()) {
            throw new IOException(this + " has no instance");
        }
        return CoordinatorLocator.anyOf(instances.stream().map(this::locator).toList())
                .candidates();
    }

    private CoordinatorLocator locator(ServiceInstance instance) {
        String port = portOf(instance);
        if (port == null) {
            return CoordinatorLocator.of(instance.getHost(), DEFAULT_PORT);
        }
        try {
            return CoordinatorLocator.of(instance.getHost(), Integer.parseInt(port.strip()));
        } catch (IllegalArgumentException e) {
            return () -> {
                throw new IOException("the instance of " + this + " at " + instance.getHost() + " has \"" + port
                        + "\" as " + PORT_KEY + ": allowed are 1…65535");
            };
        }
    }

    private static @Nullable String portOf(ServiceInstance instance) {
        return instance.getMetadata() == null ? null : instance.getMetadata().get(PORT_KEY);
    }

    @Override
    public String toString() {
        return "service " + service;
    }
}
