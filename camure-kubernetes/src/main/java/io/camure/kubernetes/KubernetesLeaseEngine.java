package io.camure.kubernetes;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.boot.autoconfigure.ElectionEngine;
import io.camure.spring.election.CoordinatorElection;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.regex.Pattern;

/** Elects by a Lease in the namespace of this pod. */
final class KubernetesLeaseEngine implements ElectionEngine {

    /** A DNS subdomain name, as RFC 1123 has it. */
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private static final int LONGEST_NAME = 253;

    private final KubernetesClient client;

    KubernetesLeaseEngine(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public String name() {
        return "kubernetes-lease";
    }

    @Override
    public CoordinatorElection election(String name, Duration lease) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new CamureConfigurationException(
                    "The coordinator is to be elected by a Lease called '" + name
                            + "', which is no name of a Kubernetes resource.",
                    "Set camure.election.name to one of at most " + LONGEST_NAME
                            + " lower-case letters, digits, dashes and dots that begins and ends with a letter or digit, such as orders, the same in all instances.");
        }
        String namespace = client.getNamespace();
        return new KubernetesLeaseElection(client, namespace == null ? "default" : namespace, name, lease);
    }
}
