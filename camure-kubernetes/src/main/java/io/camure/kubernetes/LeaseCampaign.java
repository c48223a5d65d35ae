package io.camure.kubernetes;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's try to hold a Lease, again after each loss. The elector makes its requests on one thread of this campaign, which the listener
 * is called by, too.
 */
final class LeaseCampaign implements CoordinatorElection.Registration, ObservedLock.Observer {

    private static final long CLOSE_SECONDS = 2;

    /** What the elector's clock may be behind. */
    private static final Duration CLOCK_STEP = Duration.ofMillis(2);

    private static final Logger log = LoggerFactory.getLogger(LeaseCampaign.class);

    private final KubernetesClient client;
    private final String namespace;
    private final String lease;
    private final CoordinatorRecord candidate;
    private final CoordinatorElection.Listener listener;
    private final Duration renewDeadline;
    private final ScheduledExecutorService executor;
    private volatile long leaseEnd = System.nanoTime();
    private volatile long term;
    private volatile boolean leads;
    private volatile boolean closed;
    private volatile @Nullable CompletableFuture<?> election;

    /** Whether the next try is already asked for. */
    private final AtomicBoolean hurrying = new AtomicBoolean();

    /** How long to wait before the next try. Of the thread of the elector. */
    private long pauseNanos;

    LeaseCampaign(
            KubernetesClient client,
            String namespace,
            String lease,
            CoordinatorRecord candidate,
            CoordinatorElection.Listener listener,
            Duration renewDeadline) {
        this.client = client;
        this.namespace = namespace;
        this.lease = lease;
        this.candidate = candidate;
        this.listener = listener;
        this.renewDeadline = renewDeadline;
        executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "camure-" + candidate.node().name() + "-election");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Tries to get the Lease, until it was held and lost. */
    void start() {
        if (closed) {
            return;
        }
        LeaderElector elector = new LeaderElector(
                client,
                new LeaderElectionConfigBuilder()
                        .withName(lease)
                        .withLock(new ObservedLock(namespace, lease, HolderIdentity.of(candidate), this))
                        .withLeaseDuration(leaseDuration())
                        .withRenewDeadline(renewDeadline)
                        .withRetryPeriod(retryPeriod())
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(new LeaderCallbacks(this::lead, this::stepDown, holder -> {}))
                        .build(),
                executor);
        pauseNanos = retryPeriod().toNanos();
        CompletableFuture<?> begun = elector.start();
        election = begun;
        begun.whenComplete((ended, failure) -> again());
    }

    private Duration leaseDuration() {
        return renewDeadline.multipliedBy(3).dividedBy(2);
    }

    private Duration retryPeriod() {
        return renewDeadline.dividedBy(5);
    }

    private void again() {
        stepDown();
        later(this::start, pauseNanos);
    }

    private void later(Runnable task, long nanos) {
        try {
            executor.schedule(task, nanos, NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // It was closed meanwhile.
        }
    }

    /** Somebody has seen that nobody holds the Lease: tries to get it now, and not when the next look at it is due. */
    void onFree() {
        if (!leads && hurrying.compareAndSet(false, true)) {
            later(this::hurry, 0);
        }
    }

    private void hurry() {
        hurrying.set(false);
        CompletableFuture<?> trying = election;
        // One that is over has a pause behind it, which it keeps.
        if (!leads && trying != null && !trying.isDone()) {
            pauseNanos = 0;
            trying.cancel(true);
        }
    }

    @Override
    public void onHeld(long askedNanoTime, int transitions) {
        long before = leaseEnd;
        leaseEnd = askedNanoTime + renewDeadline.toNanos();
        if (!leads) {
            term = transitions + 1L;
            return;
        }
        // Compared after it was set: who has seen the lease end by now has stopped to coordinate for good.
        if (System.nanoTime() - before >= 0) {
            beginHigherTerm("was renewed too late");
        } else if (transitions + 1L != term) {
            beginHigherTerm("is of term " + (transitions + 1L) + " by now, and not of term " + term
                    + ": another node has seen a higher term");
        }
    }

    private void beginHigherTerm(String why) {
        log.warn(
                "{}: the Lease {} {}: giving it back, so that somebody begins a higher term",
                candidate.node().name(),
                lease,
                why);
        stepDown();
        executor.execute(this::giveBack);
    }

    /** The highest term that this node knows of. */
    long highestTerm() {
        return listener.highestTerm();
    }

    @Override
    public int knownTransitions() {
        return (int) Math.min(listener.highestTerm(), Integer.MAX_VALUE - 1);
    }

    /** If the other one does not renew it any more, looks again when its time is over: the elector's own next look may come much later. */
    @Override
    public void onHeldByAnother(ZonedDateTime renewed) {
        Duration left = Duration.between(ZonedDateTime.now(renewed.getZone()), renewed.plus(leaseDuration()));
        if (!left.isNegative() && left.compareTo(retryPeriod().multipliedBy(2)) < 0) {
            later(this::hurry, left.plus(CLOCK_STEP).toNanos());
        }
    }

    @Override
    public void onReleasing() {
        stepDown();
    }

    private void lead() {
        try {
            leads = true;
            listener.onElected(term, () -> leaseEnd);
        } catch (RuntimeException e) {
            log.error(
                    "{}: can't coordinate: another node is to", candidate.node().name(), e);
            pauseNanos = renewDeadline.toNanos();
            // Which gives the Lease back. Not by this call, which the elector makes while it is at work.
            executor.execute(this::giveBack);
        }
    }

    private void giveBack() {
        CompletableFuture<?> over = election;
        if (over != null) {
            over.cancel(true);
        }
    }

    private void stepDown() {
        if (leads) {
            leads = false;
            listener.onLost("it does not hold the Lease " + lease + " in " + namespace
                    + " any more, or could not renew it for " + renewDeadline.toSeconds() + "s");
        }
    }

    @Override
    public void close() {
        if (executor.isShutdown()) {
            return;
        }
        closed = true;
        // On that thread, since it may ask the API server, for as long as that takes: nobody waits for it longer than
        // below.
        executor.execute(this::giveBack);
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
