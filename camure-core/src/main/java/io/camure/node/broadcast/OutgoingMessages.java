package io.camure.node.broadcast;

import io.camure.CamureException;
import io.camure.DeliveryTimeoutException;
import io.camure.node.group.Counter;
import io.camure.node.group.LongWaits;
import io.camure.node.group.NodeContext;
import io.camure.node.group.Nodes;
import io.camure.protocol.base.Format;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.SendWindow;
import io.camure.runtime.SessionDriver;
import io.camure.wire.ChunkType;
import io.camure.wire.NodeIdentity;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Writes the messages of a broadcast into its send window, one message at a time, chunk by chunk as there is room. All but what has
 * counted is called between enter and leave of the driver.
 */
final class OutgoingMessages {

    private static final int CHUNKS_PER_CLOCK_READ = 16;
    private static final long NONE = 0;

    private final SessionDriver driver;
    private final Object label;
    private final ManagedGroup<BroadcastSending> group;
    private final SendWindow window;
    private final LegacyLimit limit;
    private final LongWaits waits;
    private final Duration timeout;
    private final Supplier<@Nullable CamureException> end;
    private final Supplier<String> missingExpected;
    private final BooleanSupplier hasRoom = this::hasRoom;
    private final Supplier<LongWaits.Notice> noRoomNotice = this::noRoomNotice;

    /** The number of the message that is being written, or {@link #NONE}. */
    private long writing = NONE;

    private long messagesBegun;

    private final Counter messagesSent = new Counter(0);
    private final Counter bytesSent = new Counter(0);

    /**
     * @param label what messages call the group
     * @param timeout how long each wait lasts at most
     * @param end why nothing can be sent any more
     * @param missingExpected who is missing while the group has yet to be formed
     */
    OutgoingMessages(
            NodeContext node,
            Object label,
            ManagedGroup<BroadcastSending> group,
            LongWaits waits,
            Duration timeout,
            Supplier<@Nullable CamureException> end,
            Supplier<String> missingExpected) {
        driver = node.driver();
        this.label = label;
        this.group = group;
        window = group.work().window();
        limit = new LegacyLimit(label, window);
        this.waits = waits;
        this.timeout = timeout;
        this.end = end;
        this.missingExpected = missingExpected;
    }

    void send(byte[] message) throws InterruptedException {
        long number = begin();
        long endNanos = -1;
        try {
            limit.check(message.length);
            endNanos = write(number, true, true, ByteBuffer.wrap(message), driver.nowNanos());
        } finally {
            // Whoever has failed may have waited before.
            end(number, endNanos < 0 ? driver.nowNanos() : endNanos);
        }
    }

    /** Writes the next part of a message in as many chunks as that takes; see {@link ChunkSink#sendPart}. */
    void write(long number, boolean first, boolean last, ByteBuffer part) throws InterruptedException {
        write(number, first, last, part, driver.nowNanos());
    }

    /**
     * Writes the next part of a message in as many chunks as that takes.
     *
     * @param part what is between its position and limit
     * @return the time, which is read anew after each wait and now and then: to read it costs as much as a small chunk
     */
    private long write(long number, boolean first, boolean last, ByteBuffer part, long startNanos)
            throws InterruptedException {
        int end = part.limit();
        boolean begins = first;
        boolean ends;
        long nowNanos = startNanos;
        int chunks = 0;
        do {
            if (++chunks % CHUNKS_PER_CLOCK_READ == 0) {
                nowNanos = driver.nowNanos();
            }
            nowNanos = awaitRoom(number, nowNanos);
            // Only now, since longer chunks may not get to all members any more that there are after the wait.
            part.limit(Math.min(part.position() + window.payloadBytes(), end));
            ends = part.limit() == end;
            writeChunk(typeOf(begins, last && ends), part, nowNanos);
            begins = false;
        } while (!ends);
        return nowNanos;
    }

    private static ChunkType typeOf(boolean first, boolean last) {
        if (first) {
            return last ? ChunkType.BROADCAST_MESSAGE : ChunkType.BROADCAST_FIRST_FRAGMENT;
        }
        return last ? ChunkType.BROADCAST_FINAL_FRAGMENT : ChunkType.BROADCAST_FRAGMENT;
    }

    /** When waiting that begins now has to be over. */
    private long deadlineNanos(long nowNanos) {
        return nowNanos + timeout.toNanos();
    }

    /** Waits until no other message is being written; gives back the number of this one. */
    long begin() throws InterruptedException {
        if (writing != NONE) {
            long nowNanos = driver.nowNanos();
            SessionDriver.Outcome outcome = waits.awaitEntered(
                    () -> writing == NONE || end.get() != null,
                    nowNanos,
                    deadlineNanos(nowNanos),
                    () -> LongWaits.Notice.info(
                            label, "the end of the message that another thread writes" + whatHoldsUp()));
            if (outcome == SessionDriver.Outcome.TIMED_OUT) {
                throw new DeliveryTimeoutException(
                        label + ": another message was being written for " + Format.duration(timeout), List.of());
            }
        }
        CamureException over = end.get();
        if (over != null) {
            throw over;
        }
        writing = ++messagesBegun;
        return writing;
    }

    private long awaitRoom(long number, long startNanos) throws InterruptedException {
        long nowNanos = startNanos;
        CamureException over = end.get();
        if (over != null) {
            throw over;
        }
        if (window.room() == 0) {
            window.push(nowNanos);
            long waitNanos = driver.nowNanos();
            SessionDriver.Outcome outcome =
                    waits.awaitEntered(hasRoom, waitNanos, deadlineNanos(waitNanos), true, noRoomNotice);
            if (outcome == SessionDriver.Outcome.TIMED_OUT) {
                throw noRoom();
            }
            over = end.get();
            if (over != null) {
                throw over;
            }
            nowNanos = driver.nowNanos();
        }
        if (writing != number) {
            throw new CamureException(label + ": the message was given up by another thread");
        }
        return nowNanos;
    }

    private void writeChunk(ChunkType type, ByteBuffer payload, long nowNanos) throws InterruptedException {
        if (!window.takes(type)) {
            throw limit.exceeded();
        }
        bytesSent.add(payload.remaining());
        window.write(type, payload, nowNanos);
        if (type == ChunkType.BROADCAST_MESSAGE || type == ChunkType.BROADCAST_FINAL_FRAGMENT) {
            messagesSent.add(1);
        }
        // A run that is complete leaves while the next one is written.
        driver.flushEntered();
    }

    private boolean hasRoom() {
        return window.hasRoomAgain() || end.get() != null;
    }

    private DeliveryTimeoutException noRoom() {
        String waited = Format.duration(timeout);
        if (!group.isFormed()) {
            return new DeliveryTimeoutException(
                    label + ": no message could be sent for " + waited + ": " + missingExpected.get(), List.of());
        }
        List<NodeIdentity> slow = window.receipts().lacking(window.nextSequence());
        return new DeliveryTimeoutException(
                label + ": no room to send for " + waited + ", since not all was acknowledged by " + Nodes.listed(slow),
                Nodes.of(slow));
    }

    private LongWaits.Notice noRoomNotice() {
        return group.isFormed()
                ? new LongWaits.Notice(Level.WARN, label, "room to send" + whatHoldsUp())
                : LongWaits.Notice.info(label, "members: " + missingExpected.get());
    }

    private String whatHoldsUp() {
        List<NodeIdentity> slow = window.receipts().lacking(window.nextSequence());
        return slow.isEmpty() ? "" : ": not all that was sent was acknowledged by " + Nodes.listed(slow);
    }

    /** Ends the message that is being written, if it is this one; what was not written whole is given up. */
    void end(long number, long nowNanos) {
        if (writing == number) {
            writing = NONE;
            window.abandonMessage(nowNanos);
        }
    }

    long messagesSent() {
        return messagesSent.get();
    }

    long bytesSent() {
        return bytesSent.get();
    }
}
