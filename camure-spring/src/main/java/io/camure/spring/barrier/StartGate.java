package io.camure.spring.barrier;

import io.camure.Barrier;
import io.camure.CamureException;
import io.camure.CamureTimeoutException;
import io.camure.CoordinatorGroup;
import io.camure.GroupListener;
import io.camure.Node;
import io.camure.Round;
import io.camure.RoundBrokenException;
import io.camure.spring.session.GroupBinding;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meets the others at a barrier once, before this application is ready. A member goes on being there, and the coordinator
 * comes again for each member that has joined since, so that one that comes later passes the gate, too.
 */
final class StartGate {

    /** Nobody waits longer than this for the thread to end. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    /** How long the gate waits before it tells what for; each time twice as long as before. */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);

    private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(5);

    private static final Logger log = LoggerFactory.getLogger(StartGate.class);

    private final GroupBinding group;
    private final Runnable onPassed;
    private @Nullable Thread thread;
    private volatile boolean passed;

    StartGate(GroupBinding group, Runnable onPassed) {
        this.group = group;
        this.onPassed = onPassed;
    }

    boolean isPassed() {
        return passed;
    }

    synchronized void start() {
        if (thread == null) {
            passed = false;
            Thread starting = new Thread(this::run, "camure-" + group.session().name() + "-" + group.name() + "-gate");
            starting.setDaemon(true);
            thread = starting;
            starting.start();
        }
    }

    /** The next start begins anew. */
    synchronized void stop() {
        Thread stopping = thread;
        thread = null;
        if (stopping != null) {
            stopping.interrupt();
            try {
                stopping.join(STOP_LIMIT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        passed = false;
    }

    private void run() {
        try {
            GroupBinding.Usable over = null;
            while (true) {
                GroupBinding.Usable now = group.awaitUsable(over);
                meetAll((Barrier) now.group());
                over = now;
            }
        } catch (InterruptedException e) {
            log.trace("{}: stopped", group);
        }
    }

    /** Until the group is over, or lost. */
    private void meetAll(Barrier barrier) throws InterruptedException {
        try {
            Semaphore joined = new Semaphore(0);
            if (barrier instanceof CoordinatorGroup coordinated) {
                coordinated.addListener(new GroupListener() {
                    @Override
                    public void memberJoined(Node member) {
                        joined.release();
                    }
                });
            }
            while (true) {
                onMet(meet(barrier));
                if (barrier instanceof CoordinatorGroup) {
                    joined.acquire();
                    joined.drainPermits();
                }
            }
        } catch (CamureException e) {
            log.debug("{}: the gate's barrier is over", group, e);
        }
    }

    /** By a future, so that no thread has to look after the session for as long as this takes. */
    private Round meet(Barrier barrier) throws InterruptedException {
        Duration patience = FIRST_PATIENCE;
        while (true) {
            // The core tells of whom a coordinator waits for, and can't tell a member at the gate from one that has
            // passed it.
            boolean tells = !passed && !(barrier instanceof CoordinatorGroup);
            CompletableFuture<Round> arrival = tells ? barrier.awaitAsync(patience) : barrier.awaitAsync();
            try {
                return arrival.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof CamureTimeoutException)
                        && !(e.getCause() instanceof RoundBrokenException)) {
                    throw e.getCause() instanceof CamureException cause
                            ? cause
                            : new CamureException(group + ": waiting at the gate has failed", e.getCause());
                }
                if (!passed) {
                    log.info(
                            "{}: this application is not ready yet: {}",
                            group,
                            e.getCause().getMessage());
                }
                patience = patience.compareTo(LONGEST_PATIENCE) < 0 ? patience.multipliedBy(2) : LONGEST_PATIENCE;
            }
        }
    }

    private void onMet(Round round) {
        if (!passed) {
            BarrierAdapter.of(group).orElseThrow().rounds().onCompleted(round);
            passed = true;
            log.info("{}: all nodes have met, so this gate is passed: {}", group, round);
            onPassed.run();
        }
    }
}
