package io.camure.spring.integration;

import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.integration.leader.AbstractCandidate;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.LeaderEventPublisher;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.integration.support.locks.LockRegistry;

/**
 * One node's try to hold the lock of an election, for as long as that lasts. All happens on the thread that Spring Integration's initiator
 * has, so that one thing comes after the other.
 */
final class LockCampaign extends AbstractCandidate implements CoordinatorElection.Registration {

    /** How often the lock is locked again, and asked for by those that don't have it. */
    private static final Duration HEARTBEAT = Duration.ofMillis(250);

    private static final Logger log = LoggerFactory.getLogger(LockCampaign.class);

    private final CoordinatorRecord candidate;
    private final CoordinatorElection.Listener listener;
    private final TermRecords records;
    private final long leaseNanos;
    private final ElectionThread thread;
    private @Nullable LockRegistryLeaderInitiator initiator;

    /** When the lease is over, on the clock of {@link System#nanoTime}. */
    private volatile long leaseEnd = System.nanoTime();

    /** Until when the lock is not asked for. */
    private volatile long pauseEnd = leaseEnd;

    /** What was published when this node was elected. Of the thread of the initiator. */
    private @Nullable CoordinatorRecord elected;

    LockCampaign(
            CoordinatorRecord candidate,
            CoordinatorElection.Listener listener,
            String key,
            TermRecords records,
            Duration lease) {
        super(candidate.node().name() + "-" + UUID.randomUUID(), key);
        this.candidate = candidate;
        this.listener = listener;
        this.records = records;
        // Clocks that differ by a tenth in speed, and time for what is under way.
        leaseNanos = lease.toNanos() * 4 / 5;
        thread = new ElectionThread("camure-" + candidate.node().name() + "-election");
    }

    void start(LockRegistry<?> locks) {
        LockRegistry<Lock> renewed =
                lockKey -> new RenewedLock(locks.obtain(lockKey), this::isWilling, this::onLocked, this::stepDown);
        LockRegistryLeaderInitiator starting = new LockRegistryLeaderInitiator(renewed, this);
        starting.setHeartBeatMillis(Math.min(HEARTBEAT.toMillis(), Math.max(1, leaseNanos / 10_000_000)));
        starting.setTaskExecutor(thread);
        // Whoever listens for leaders in the application is told of its own ones only.
        starting.setLeaderEventPublisher(new Silence());
        initiator = starting;
        starting.start();
    }

    /** @param askedNanoTime when the lock was asked for, which it has since */
    private void onLocked(long askedNanoTime) {
        CoordinatorRecord mine = elected;
        long before = leaseEnd;
        leaseEnd = askedNanoTime + leaseNanos;
        if (mine == null) {
            return;
        }
        // Compared after it was set: who has seen the lease end by now has stopped to coordinate for good.
        if (System.nanoTime() - before >= 0) {
            log.warn(
                    "{}: the lock {} was renewed too late for term {}: beginning a higher term",
                    candidate.node().name(),
                    getRole(),
                    mine.term());
            lead();
        } else if (!records.isCurrent(mine)) {
            log.warn(
                    "{}: another node has put another record in place of that of term {}, or has seen a higher term, though this"
                            + " node holds the lock {}: beginning a higher term",
                    candidate.node().name(),
                    mine.term(),
                    getRole());
            lead();
        }
    }

    /** The highest term that this node knows of. */
    long highestTerm() {
        return listener.highestTerm();
    }

    @Override
    public void onGranted(Context context) {
        lead();
    }

    /** Who could not coordinate leaves the lock to others for a while. */
    private boolean isWilling() {
        return System.nanoTime() - pauseEnd >= 0;
    }

    private void lead() {
        try {
            CoordinatorRecord next = records.publish(candidate, listener.highestTerm());
            elected = next;
            listener.onElected(next.term(), () -> leaseEnd);
        } catch (RuntimeException e) {
            log.error(
                    "{}: can't coordinate: another node is to", candidate.node().name(), e);
            pauseEnd = System.nanoTime() + leaseNanos;
            throw e;
        }
    }

    @Override
    public void onRevoked(Context context) {
        stepDown();
    }

    /** Before anybody else can hold the lock, if that is known. */
    private void stepDown() {
        CoordinatorRecord over = elected;
        elected = null;
        if (over != null) {
            listener.onLost("it does not hold the lock " + getRole() + " any more, or can't find out whether it does");
            withdraw(over);
        }
    }

    private void withdraw(CoordinatorRecord over) {
        try {
            records.withdraw(over);
        } catch (RuntimeException e) {
            // The next one that is elected does so.
            log.debug(
                    "{}: the record of term {} could not be withdrawn",
                    candidate.node().name(),
                    over.term(),
                    e);
        }
    }

    @Override
    public void close() {
        LockRegistryLeaderInitiator ending = initiator;
        if (ending != null) {
            ending.stop();
        }
        thread.awaitEnd();
    }

    /** Tells nobody. */
    private static final class Silence implements LeaderEventPublisher {

        @Override
        public void publishOnGranted(Object source, @Nullable Context context, String role) {}

        @Override
        public void publishOnRevoked(Object source, @Nullable Context context, String role) {}

        @Override
        public void publishOnFailedToAcquire(Object source, @Nullable Context context, String role) {}
    }
}
