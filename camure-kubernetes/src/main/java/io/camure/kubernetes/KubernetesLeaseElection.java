package io.camure.kubernetes;

import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elects who holds a Lease, whose identity names its node and address. How often the holder has changed is the term. A Lease that was
 * deleted begins anew below the terms that nodes have seen, until one of these reads it.
 */
public final class KubernetesLeaseElection implements CoordinatorElection {

    private static final Logger log = LoggerFactory.getLogger(KubernetesLeaseElection.class);

    private final KubernetesClient client;
    private final String namespace;
    private final String lease;
    private final Duration renewDeadline;
    private final List<LeaseCampaign> campaigns = new CopyOnWriteArrayList<>();

    /**
     * @param lease the name of the Lease
     * @param renewDeadline how long the holder goes on without having renewed it; others take it half as long after that
     */
    public KubernetesLeaseElection(KubernetesClient client, String namespace, String lease, Duration renewDeadline) {
        this.client = impatient(client, renewDeadline);
        this.namespace = namespace;
        this.lease = lease;
        this.renewDeadline = renewDeadline;
    }

    /** Each request ends long before the lease does, and is not repeated: whoever makes it asks again anyway, and steps down in time. */
    private static KubernetesClient impatient(KubernetesClient client, Duration renewDeadline) {
        RequestConfig config = new RequestConfigBuilder(
                        client.getConfiguration().getRequestConfig())
                .withRequestRetryBackoffLimit(0)
                .withRequestTimeout((int) Math.max(1, Math.min(Integer.MAX_VALUE, renewDeadline.toMillis() / 2)))
                .build();
        return client.newClient(config).adapt(KubernetesClient.class);
    }

    @Override
    public Registration campaign(CoordinatorRecord candidate, Listener listener) {
        LeaseCampaign campaign = new LeaseCampaign(client, namespace, lease, candidate, listener, renewDeadline);
        campaigns.add(campaign);
        campaign.start();
        return () -> {
            campaigns.remove(campaign);
            campaign.close();
        };
    }

    /** A Lease that nobody holds, or that is behind the terms which a node of this election has seen, is set right on the way. */
    @Override
    public Optional<CoordinatorRecord> current() throws IOException {
        try {
            Lease found = client.leases().inNamespace(namespace).withName(lease).get();
            LeaseSpec spec = found == null ? null : found.getSpec();
            if (spec == null) {
                return Optional.empty();
            }
            long term = transitions(spec) + 1L;
            long seen = Math.min(
                    Integer.MAX_VALUE,
                    campaigns.stream()
                            .mapToLong(LeaseCampaign::highestTerm)
                            .max()
                            .orElse(0));
            if (term < seen) {
                raise(found, spec, seen);
                return Optional.empty();
            }
            String holder = spec.getHolderIdentity();
            if (holder == null || holder.isEmpty()) {
                campaigns.forEach(LeaseCampaign::onFree);
                return Optional.empty();
            }
            return Optional.of(HolderIdentity.read(holder, term));
        } catch (RuntimeException e) {
            throw new IOException("the Lease " + lease + " in " + namespace + " can't be read: " + e.getMessage(), e);
        }
    }

    private static int transitions(LeaseSpec spec) {
        Integer transitions = spec.getLeaseTransitions();
        return transitions == null ? 0 : transitions;
    }

    /** Has whoever holds it begin a higher term: the members that have seen one would never join it. */
    private void raise(Lease found, LeaseSpec spec, long seen) {
        log.warn(
                "the Lease {} in {} is of term {}, which is below term {}: its count was lost, as when it was deleted. Raising it",
                lease,
                namespace,
                transitions(spec) + 1L,
                seen);
        spec.setLeaseTransitions((int) (seen - 1));
        client.resource(found).lockResourceVersion().update();
    }
}
