package io.camure.node.broadcast;

import io.camure.CamureException;
import io.camure.Delivery;
import io.camure.DeliveryTimeoutException;
import io.camure.node.group.LongWaits;
import io.camure.node.group.NodeContext;
import io.camure.node.group.Nodes;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import io.camure.protocol.window.SendWindow;
import io.camure.runtime.SessionDriver;
import io.camure.runtime.Watcher;
import io.camure.wire.NodeIdentity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells when members have what was sent, callers that wait and futures. Members are asked for what they have once for all the
 * messages that were sent while they were asked before. All but {@link #flush} is called under the driver's lock.
 */
final class Deliveries implements Watcher {

    private final NodeContext node;
    private final Object group;
    private final SendWindow window;
    private final Duration timeout;
    private final LongWaits waits;
    private final Supplier<@Nullable CamureException> end;

    /** In the order in which they were sent. */
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();

    /** The end of the chunks that members have been asked for. */
    private long askedTo = Long.MIN_VALUE;

    /** When to tell that the first of them is waited for. */
    private long reminderNanos;

    /** A message that not all members have, and in front of which chunk it ends. */
    private record Pending(long sequence, long sentNanos, CompletableFuture<Delivery> future) {}

    /**
     * @param group as messages call it
     * @param end why nothing is delivered any more
     */
    Deliveries(
            NodeContext node,
            Object group,
            SendWindow window,
            Duration timeout,
            LongWaits waits,
            Supplier<@Nullable CamureException> end) {
        this.node = node;
        this.group = group;
        this.window = window;
        this.timeout = timeout;
        this.waits = waits;
        this.end = end;
    }

    Delivery flush(Duration limit) throws InterruptedException {
        SessionDriver driver = node.driver();
        driver.enter();
        try {
            long startNanos = driver.nowNanos();
            window.ask(startNanos);
            long sequence = window.nextSequence();
            waits.awaitEntered(
                    () -> window.isAcknowledged(sequence) || end.get() != null,
                    startNanos,
                    startNanos + Checks.waitNanos(limit),
                    () -> notice(sequence));
            if (window.isAcknowledged(sequence)) {
                return delivered(sequence, driver.nowNanos() - startNanos);
            }
            throw failure(sequence, limit);
        } finally {
            driver.leave();
        }
    }

    /** Gives a future for the message that was written last. */
    CompletableFuture<Delivery> next(long nowNanos) {
        CompletableFuture<Delivery> future = node.futureExecutor().newFuture();
        boolean first = pending.isEmpty();
        pending.add(new Pending(window.nextSequence(), nowNanos, future));
        if (first) {
            reminderNanos = LongWaits.firstReminderNanos(nowNanos);
            ask(nowNanos);
            node.driver().watch(this);
        }
        return future;
    }

    private void ask(long nowNanos) {
        window.ask(nowNanos);
        askedTo = window.nextSequence();
    }

    @Override
    public boolean check(long nowNanos) {
        Pending head = pending.peek();
        while (head != null && isDecided(head, nowNanos)) {
            decide(pending.remove(), nowNanos);
            head = pending.peek();
            // Each message begins its own wait, but while they are behind one another all are told of as one.
            reminderNanos = head == null
                    ? Long.MAX_VALUE
                    : Math.max(reminderNanos, LongWaits.firstReminderNanos(head.sentNanos()));
        }
        if (head == null) {
            return true;
        }
        if (window.isAcknowledged(askedTo)) {
            ask(nowNanos);
            node.driver().flushEntered();
        }
        if (nowNanos >= reminderNanos) {
            long sequence = head.sequence();
            reminderNanos = Math.max(
                    LongWaits.firstReminderNanos(nowNanos),
                    waits.remind(head.sentNanos(), nowNanos, () -> notice(sequence)));
        }
        return false;
    }

    private boolean isDecided(Pending message, long nowNanos) {
        return window.isAcknowledged(message.sequence()) || end.get() != null || nowNanos >= deadlineNanos(message);
    }

    private void decide(Pending message, long nowNanos) {
        CompletableFuture<Delivery> future = message.future();
        if (window.isAcknowledged(message.sequence())) {
            Delivery delivery = delivered(message.sequence(), nowNanos - message.sentNanos());
            node.futureExecutor().execute(() -> future.complete(delivery));
        } else {
            CamureException failure = failure(message.sequence(), timeout);
            node.futureExecutor().execute(() -> future.completeExceptionally(failure));
        }
    }

    private long deadlineNanos(Pending message) {
        return message.sentNanos() + timeout.toNanos();
    }

    @Override
    public long deadlineNanos() {
        Pending head = pending.peek();
        return head == null ? Long.MAX_VALUE : Math.min(deadlineNanos(head), reminderNanos);
    }

    private Delivery delivered(long sequence, long nanos) {
        return new Delivery(Nodes.of(window.receipts().having(sequence)), Duration.ofNanos(nanos));
    }

    private CamureException failure(long sequence, Duration limit) {
        CamureException over = end.get();
        if (over != null) {
            return over;
        }
        List<NodeIdentity> missing = window.receipts().lacking(sequence);
        return new DeliveryTimeoutException(
                group + ": not everything was acknowledged after " + Format.duration(limit) + " by "
                        + Nodes.listed(missing),
                Nodes.of(missing));
    }

    private LongWaits.Notice notice(long sequence) {
        return LongWaits.Notice.info(
                group,
                "what was sent to be delivered: not all was acknowledged by "
                        + Nodes.listed(window.receipts().lacking(sequence)));
    }
}
