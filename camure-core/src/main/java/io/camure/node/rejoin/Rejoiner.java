package io.camure.node.rejoin;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.CamureException;
import io.camure.Group;
import io.camure.Loss;
import io.camure.MemberListener;
import io.camure.SessionStatistics;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.MemberKind;
import io.camure.node.session.MemberNode;
import io.camure.node.session.SessionStay;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.MemberWork;
import io.camure.runtime.ParkingLot;
import io.camure.transport.Execution;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stay in one session after another: makes the tries that a {@link KeptSession} asks for, on a thread that exists only while
 * something is lost. Thread-safe.
 */
public final class Rejoiner implements SessionStay {

    /** Nobody waits longer than this for a try that is to be given up. */
    private static final long STOP_LIMIT_NANOS = SECONDS.toNanos(2);

    private static final Logger log = LoggerFactory.getLogger(Rejoiner.class);

    private final KeptSession session;
    private final SessionJoin join;
    private final String name;

    /** Set when there is something to look at, also by threads that hold the lock of a session. */
    private final AtomicBoolean signalled = new AtomicBoolean();

    private final Execution execution;
    private final ParkingLot waiting;
    private final AtomicInteger running = new AtomicInteger();

    /** Guarded by this. */
    private @Nullable Thread thread;

    private Rejoiner(MemberNode first, SessionJoin join) {
        this.join = join;
        name = join.config().name();
        execution = first.execution();
        waiting = new ParkingLot(execution);
        session = new KeptSession(first, join.config(), this::ensureTrying);
    }

    /** Keeps a member in its session, and in the next one when it is lost. */
    public static Rejoiner keep(MemberNode joined, SessionJoin join) {
        Rejoiner rejoiner = new Rejoiner(joined, join);
        rejoiner.session.start();
        return rejoiner;
    }

    @Override
    public MemberNode node() {
        return session.node();
    }

    @Override
    public <W extends MemberWork, G extends GroupAtMember, U extends Group> U join(
            GroupLabel label, Duration timeout, MemberKind<W, G, U> kind) throws InterruptedException {
        return session.join(label, timeout, kind);
    }

    @Override
    public SessionStatistics statistics() {
        return session.statistics();
    }

    @Override
    public Optional<Loss> loss() {
        return session.loss();
    }

    @Override
    public void addListener(MemberListener listener) {
        session.addListener(listener);
    }

    @Override
    public void removeListener(MemberListener listener) {
        session.removeListener(listener);
    }

    @Override
    public List<Group> groups() {
        return session.groups();
    }

    private synchronized void ensureTrying() {
        signal();
        if (thread == null) {
            Thread starting = execution.newThread("camure-" + name + "-rejoin", this::run);
            thread = starting;
            running.incrementAndGet();
            starting.start();
        }
    }

    private void signal() {
        signalled.set(true);
        waiting.unparkAll();
    }

    private void run() {
        try {
            while (true) {
                Rejoining.Step step = session.nextStep();
                if (step.action() != Rejoining.Action.NOTHING) {
                    perform(step);
                } else if (endIfIdle()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            log.debug("{}: no longer trying to join again", name);
        } finally {
            running.decrementAndGet();
            waiting.unparkAll();
        }
    }

    private synchronized boolean endIfIdle() {
        if (signalled.getAndSet(false)) {
            return false;
        }
        thread = null;
        return true;
    }

    private void perform(Rejoining.Step step) throws InterruptedException {
        switch (step.action()) {
            case TRY_SESSION -> trySession(step.untilNanos() - session.nowNanos());
            case ASK_FOR_GROUP -> session.ask(step.group(), this::signal);
            case WARN_OF_GROUP -> session.warn(step.group());
            case WAIT -> waiting.await(() -> signalled.getAndSet(false), step.untilNanos() - session.nowNanos());
            case NOTHING -> {}
        }
    }

    private void trySession(long timeoutNanos) throws InterruptedException {
        session.node().close();
        try {
            session.onSessionJoined(join.tryOnce(timeoutNanos));
        } catch (CamureException e) {
            session.onSessionTryFailed(e);
        } catch (RuntimeException | Error e) {
            // Nobody else would try, and it may work next time.
            session.onSessionTryFailed(new CamureException(name + ": the try to join again has failed: " + e, e));
        }
    }

    @Override
    public void close() {
        Thread trying;
        session.close();
        synchronized (this) {
            trying = thread;
        }
        try {
            if (trying != null) {
                trying.interrupt();
                if (waiting.await(() -> running.get() == 0, STOP_LIMIT_NANOS)) {
                    // Nothing is left that it could wait for.
                    execution.join(trying);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
