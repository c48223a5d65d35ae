package io.camure.kubernetes;

import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Elects who holds a Lease, whose identity names its node and address. How often the holder has changed is the term: the Lease must not
 * be deleted while there are instances, since terms would begin anew.
 */
public final class KubernetesLeaseElection implements CoordinatorElection {

    private final KubernetesClient client;
    private final String namespace;
    private final String lease;
    private final Duration renewDeadline;

    /**
     * @param lease the name of the Lease
     * @param renewDeadline how long the holder goes on without having renewed it; others take it half as long after that
     */
    public KubernetesLeaseElection(KubernetesClient client, String namespace, String lease, Duration renewDeadline) {
        this.client = client;
        this.namespace = namespace;
        this.lease = lease;
        this.renewDeadline = renewDeadline;
    }

    @Override
    public Registration campaign(CoordinatorRecord candidate, Listener listener) {
        LeaseCampaign campaign = new LeaseCampaign(client, namespace, lease, candidate, listener, renewDeadline);
        campaign.start();
        return campaign;
    }

    @Override
    public Optional<CoordinatorRecord> current() throws IOException {
        try {
            Lease found = client.leases().inNamespace(namespace).withName(lease).get();
            LeaseSpec spec = found == null ? null : found.getSpec();
            String holder = spec == null ? null : spec.getHolderIdentity();
            if (spec == null || holder == null || holder.isEmpty()) {
                return Optional.empty();
            }
            Integer transitions = spec.getLeaseTransitions();
            return Optional.of(HolderIdentity.read(holder, transitions == null ? 1 : transitions + 1L));
        } catch (RuntimeException e) {
            throw new IOException("the Lease " + lease + " in " + namespace + " can't be read: " + e.getMessage(), e);
        }
    }
}
