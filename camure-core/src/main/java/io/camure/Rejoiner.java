package io.camure;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the tries that a {@link KeptSession} asks for, on a thread that exists only while something is lost. Thread-safe. */
final class Rejoiner implements AutoCloseable {

    /** Nobody waits longer than this for a try that is to be given up. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(Rejoiner.class);

    private final KeptSession session;
    private final SessionJoin join;
    private final String name;

    /** Given when there is something to look at, also by threads that hold the lock of a session. */
    private final Semaphore signals = new Semaphore(0);

    /** Guarded by this. */
    private @Nullable Thread thread;

    /** @param first the session that this node is in already */
    Rejoiner(MemberNode first, SessionJoin join) {
        this.join = join;
        name = join.config().name();
        session = new KeptSession(first, join.config(), this::ensureTrying);
    }

    KeptSession session() {
        return session;
    }

    private synchronized void ensureTrying() {
        signals.release();
        if (thread == null) {
            Thread starting = new Thread(this::run, "camure-" + name + "-rejoin");
            starting.setDaemon(true);
            thread = starting;
            starting.start();
        }
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
        }
    }

    private synchronized boolean endIfIdle() {
        if (signals.drainPermits() > 0) {
            return false;
        }
        thread = null;
        return true;
    }

    private void perform(Rejoining.Step step) throws InterruptedException {
        switch (step.action()) {
            case TRY_SESSION -> trySession();
            case ASK_FOR_GROUP -> session.ask(step.group(), signals::release);
            case WARN_OF_GROUP -> session.warn(step.group());
            case WAIT -> {
                if (signals.tryAcquire(step.untilNanos() - session.nowNanos(), NANOSECONDS)) {
                    signals.drainPermits();
                }
            }
            case NOTHING -> {}
        }
    }

    private void trySession() throws InterruptedException {
        session.node().close();
        try {
            session.onSessionJoined(join.tryOnce());
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
                trying.join(STOP_LIMIT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
