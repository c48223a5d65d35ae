package io.camure.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.CoordinatorLease;
import io.camure.Node;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.springframework.integration.metadata.SimpleMetadataStore;

/** A lock that answers when the lease is over already. */
class LateRenewalTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final List<Long> terms = new CopyOnWriteArrayList<>();
    private volatile CoordinatorLease lease = () -> 0;
    private volatile boolean late;

    private final class LateLock extends ReentrantLock {

        private static final long serialVersionUID = 1;

        @Override
        public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
            while (late && System.nanoTime() - lease.endNanoTime() < 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            late = false;
            return super.tryLock(time, unit);
        }
    }

    @Test
    void itBeginsAHigherTerm() {
        InetSocketAddress address = new InetSocketAddress("10.0.0.1", 7400);
        CoordinatorElection.Listener listener = new CoordinatorElection.Listener() {
            @Override
            public void onElected(long term, CoordinatorLease given) {
                lease = given;
                terms.add(term);
            }

            @Override
            public void onLost(String why) {}
        };
        LockCampaign campaign = new LockCampaign(
                new CoordinatorRecord(0, new Node("a", address, 0), address),
                listener,
                "orders",
                new TermRecords(new SimpleMetadataStore(), "orders"),
                Duration.ofMillis(500));
        Lock lock = new LateLock();
        campaign.start(key -> lock);
        try {
            await().atMost(SOON).untilAsserted(() -> assertThat(terms).containsExactly(1L));
            late = true;
            await().atMost(SOON).until(() -> terms.contains(2L));
        } finally {
            campaign.close();
        }
    }
}
