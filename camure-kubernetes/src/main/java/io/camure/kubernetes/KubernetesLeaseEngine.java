package io.camure.kubernetes;

import io.camure.spring.boot.autoconfigure.ElectionEngine;
import io.camure.spring.election.CoordinatorElection;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

/** Elects by a Lease in the namespace of this pod. */
final class KubernetesLeaseEngine implements ElectionEngine {

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
        String namespace = client.getNamespace();
        return new KubernetesLeaseElection(client, namespace == null ? "default" : namespace, name, lease);
    }
}
