package io.camure.spring.integration;

import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.integration.metadata.ConcurrentMetadataStore;
import org.springframework.integration.support.locks.LockRegistry;

/**
 * Elects who holds a lock, in whatever a {@link LockRegistry} of Spring Integration has its locks, and keeps the record of who that is
 * in a metadata store beside it. Whoever holds the lock locks it again all the time, which prolongs it there; the lease begins anew
 * when that was asked for.
 */
public final class LockRegistryElection implements CoordinatorElection {

    private final LockRegistry<?> locks;
    private final TermRecords records;
    private final String key;
    private final Duration lease;
    private final List<LockCampaign> campaigns = new CopyOnWriteArrayList<>();

    /**
     * @param name which election it is
     * @param lease how long the holder may go on without having locked again: not more than a lock lives in the registry
     */
    public LockRegistryElection(String name, LockRegistry<?> locks, ConcurrentMetadataStore store, Duration lease) {
        this.locks = locks;
        this.lease = lease;
        key = "camure.election." + name;
        records = new TermRecords(store, key);
    }

    @Override
    public Registration campaign(CoordinatorRecord candidate, Listener listener) {
        LockCampaign campaign = new LockCampaign(candidate, listener, key, records, lease);
        campaigns.add(campaign);
        campaign.start(locks);
        return () -> {
            campaigns.remove(campaign);
            campaign.close();
        };
    }

    /** A record that is behind the terms which a node of this election has seen is raised, so that the coordinator begins a higher one. */
    @Override
    public Optional<CoordinatorRecord> current() throws IOException {
        return records.currentAbove(
                campaigns.stream().mapToLong(LockCampaign::highestTerm).max().orElse(0));
    }
}
