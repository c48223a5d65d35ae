package io.camure.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.CoordinatorLease;
import io.camure.Node;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.OnGrantedEvent;
import org.springframework.integration.leader.event.OnRevokedEvent;
import org.springframework.integration.metadata.SimpleMetadataStore;

/** A leader that can't coordinate, and whose initiator makes it leader again at once. */
class EventsElectionTest {

    private static final String ROLE = "leader";
    private static final int GRANTS = 20;

    private final List<Long> terms = new ArrayList<>();

    private final class Refusing implements CoordinatorElection.Listener {

        @Override
        public void onElected(long term, CoordinatorLease lease) {
            terms.add(term);
            throw new IllegalStateException("the port is taken");
        }

        @Override
        public void onLost(String why) {}
    }

    private static final class Leadership implements Context {

        private int yielded;

        @Override
        public boolean isLeader() {
            return true;
        }

        @Override
        public String getRole() {
            return ROLE;
        }

        @Override
        public void yield() {
            yielded++;
        }
    }

    @Test
    void itIsNotTriedAgainBeforeAPauseIsOver() {
        InetSocketAddress address = new InetSocketAddress("10.0.0.1", 7400);
        EventsElection election = new EventsElection(ROLE, new TermRecords(new SimpleMetadataStore(), "orders"));
        election.campaign(new CoordinatorRecord(0, new Node("a", address, 0), address), new Refusing());
        Leadership leadership = new Leadership();
        long before = System.nanoTime();
        for (int i = 0; i < GRANTS; i++) {
            election.onEvent(new OnGrantedEvent(this, leadership, ROLE));
            election.onEvent(new OnRevokedEvent(this, leadership, ROLE));
        }

        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before);
        assertThat(terms).hasSizeBetween(1, 1 + (int) seconds / 10);
        assertThat(leadership.yielded).isEqualTo(GRANTS);
    }
}
