package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.MemberListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What was lost of one session, until somebody deals with it. */
final class Losses implements MemberListener {

    private final BiConsumer<Integer, CamureException> groupSink;
    private final Map<Integer, Loss> groups = new HashMap<>();
    private @Nullable Loss session;

    /** @param groupSink is told of each group that is lost by itself, at once */
    Losses(BiConsumer<Integer, CamureException> groupSink) {
        this.groupSink = groupSink;
    }

    @Override
    public synchronized void coordinatorLost(CamureException why) {
        session = new Loss(why);
        notifyAll();
    }

    @Override
    public void groupLost(int group, CamureException why) {
        Loss loss = new Loss(why);
        if (ofSession() != null) {
            return;
        }
        // Before it can be joined again, so that losing and regaining are told in this order.
        groupSink.accept(group, why);
        synchronized (this) {
            groups.put(group, loss);
            notifyAll();
        }
    }

    /** Waits until something is lost. */
    synchronized void await() throws InterruptedException {
        while (session == null && groups.isEmpty()) {
            wait();
        }
    }

    /** The groups that were lost since the last time; none once the session is, and all groups with it. */
    synchronized Map<Integer, Loss> takeGroups() {
        Map<Integer, Loss> lost = session == null ? new HashMap<>(groups) : new HashMap<>();
        groups.clear();
        return lost;
    }

    synchronized @Nullable Loss ofSession() {
        return session;
    }

    /** @param nanos when it was noticed, by {@link System#nanoTime} */
    record Loss(CamureException cause, long nanos) {

        Loss(CamureException cause) {
            this(cause, System.nanoTime());
        }

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - nanos);
        }
    }
}
