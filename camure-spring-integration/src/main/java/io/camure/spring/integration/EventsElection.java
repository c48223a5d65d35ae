package io.camure.spring.integration;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.integration.leader.event.AbstractLeaderEvent;
import org.springframework.integration.leader.event.OnGrantedEvent;
import org.springframework.integration.leader.event.OnRevokedEvent;

/** Elects the leader of a role. What its events come of knows no lease: the leader goes on until it is revoked. Thread-safe. */
final class EventsElection implements CoordinatorElection {

    /** So long another one may be elected, or what is in the way may go. */
    private static final long PAUSE_NANOS = SECONDS.toNanos(10);

    private static final Logger log = LoggerFactory.getLogger(EventsElection.class);

    private final String role;
    private final @Nullable TermRecords records;

    /** Guarded by this, as the next three. */
    private @Nullable CoordinatorRecord candidate;

    private @Nullable Listener listener;

    /** Also while nobody campaigns yet. */
    private boolean granted;

    private @Nullable CoordinatorRecord elected;

    /** Until when who could not coordinate gives the leadership back at once. */
    private long pauseEnd = System.nanoTime();

    /** @param records gives terms, and knows who has been elected elsewhere; {@code null} for neither */
    EventsElection(String role, @Nullable TermRecords records) {
        this.role = role;
        this.records = records;
    }

    synchronized void onEvent(AbstractLeaderEvent event) {
        if (!role.equals(event.getRole())) {
            return;
        }
        if (event instanceof OnGrantedEvent) {
            if (System.nanoTime() - pauseEnd < 0) {
                event.getContext().yield();
                return;
            }
            granted = true;
            try {
                lead();
            } catch (RuntimeException e) {
                log.error("can't coordinate as the leader of the role {}: another node is to", role, e);
                granted = false;
                pauseEnd = System.nanoTime() + PAUSE_NANOS;
                event.getContext().yield();
            }
        } else if (event instanceof OnRevokedEvent) {
            granted = false;
            stepDown("the leadership of the role " + role + " was revoked");
        }
    }

    private void lead() {
        CoordinatorRecord offered = candidate;
        Listener told = listener;
        if (!granted || offered == null || told == null) {
            return;
        }
        TermRecords terms = records;
        CoordinatorRecord next = terms == null ? offered : terms.publish(offered, told.highestTerm());
        elected = next;
        try {
            told.onElected(next.term(), () -> Long.MAX_VALUE);
        } catch (RuntimeException e) {
            elected = null;
            withdraw(next);
            throw e;
        }
    }

    private void withdraw(CoordinatorRecord over) {
        TermRecords terms = records;
        try {
            if (terms != null) {
                terms.withdraw(over);
            }
        } catch (RuntimeException e) {
            // The next one that is elected does so.
            log.debug(
                    "{}: the record of term {} could not be withdrawn",
                    over.node().name(),
                    over.term(),
                    e);
        }
    }

    private void stepDown(String why) {
        CoordinatorRecord over = elected;
        Listener told = listener;
        elected = null;
        if (told != null) {
            told.onLost(why);
        }
        if (over != null) {
            withdraw(over);
        }
    }

    @Override
    public synchronized Registration campaign(CoordinatorRecord offered, Listener told) {
        log.info(
                "{}: coordinates while it is the leader of the role {}, as events tell. Without a lease: if it is cut off and"
                        + " is not told, there can be two for a while{}",
                offered.node().name(),
                role,
                records == null ? ", and without terms, since there is no ConcurrentMetadataStore" : "");
        candidate = offered;
        listener = told;
        try {
            lead();
        } catch (RuntimeException e) {
            forget();
            throw e;
        }
        return () -> {
            synchronized (this) {
                try {
                    stepDown("it does not offer itself any more");
                } finally {
                    forget();
                }
            }
        };
    }

    private void forget() {
        candidate = null;
        listener = null;
    }

    /** What elects begins in a phase of its own, which is behind that of members mostly. */
    @Override
    public boolean needsStartedApplication() {
        return true;
    }

    @Override
    public Optional<CoordinatorRecord> current() throws IOException {
        TermRecords terms = records;
        if (terms != null) {
            return terms.current();
        }
        synchronized (this) {
            return Optional.ofNullable(elected);
        }
    }
}
