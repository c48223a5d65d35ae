package io.camure.node.broadcast;

import io.camure.BroadcastGroup;
import io.camure.CamureException;
import io.camure.DeliveryTimeoutException;
import io.camure.Headers;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes the messages of a broadcast into its send window, one message at a time, chunk by chunk as there is room. All but what has
 * counted is called between enter and leave of the driver.
 */
final class OutgoingMessages {

    /** Under the name that users know. */
    private static final Logger log = LoggerFactory.getLogger(BroadcastGroup.class);

    private static final int CHUNKS_PER_CLOCK_READ = 16;
    private static final long NONE = 0;

    private final NodeContext node;
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
    private boolean toldLeftOut;

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
        this.node = node;
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

    void send(byte[] message, Headers headers) throws InterruptedException {
        long number = begin();
        long endNanos = -1;
        try {
            limit.check(message.length);
            endNanos = headers.isEmpty()
                    ? write(number, true, true, 0, ByteBuffer.wrap(message), driver.nowNanos())
                    : write(number, headers.encoded(), message);
        } finally {
            // Whoever has failed may have waited before.
            end(number, endNanos < 0 ? driver.nowNanos() : endNanos);
        }
    }

    /** A long message is not copied to come behind its headers, only as much of it as fills a chunk with them. */
    private long write(long number, byte[] headers, byte[] message) throws InterruptedException {
        ByteBuffer beginning = beginning(headers, message.length);
        int bytes = beginning.remaining();
        beginning.put(message, 0, bytes).flip();
        boolean isWhole = bytes == message.length;
        long nowNanos = write(number, true, isWhole, headers.length, beginning, driver.nowNanos());
        return isWhole
                ? nowNanos
                : write(number, false, true, 0, ByteBuffer.wrap(message, bytes, message.length - bytes), nowNanos);
    }

    /** A buffer with the headers of a message, in which the content that follows fills the chunk that they end in. */
    ByteBuffer beginning(byte[] headers, int contentBytes) {
        int chunkBytes = window.payloadBytes();
        int room = (headers.length / chunkBytes + 1) * chunkBytes - headers.length;
        return ByteBuffer.allocate(headers.length + Math.min(room, contentBytes))
                .put(headers);
    }

    /** Writes the next part of a message in as many chunks as that takes; see {@link ChunkSink#sendPart}. */
    void write(long number, boolean first, boolean last, int headerBytes, ByteBuffer part) throws InterruptedException {
        write(number, first, last, headerBytes, part, driver.nowNanos());
    }

    /**
     * Writes the next part of a message in as many chunks as that takes.
     *
     * @param headerBytes how many of the first part are headers
     * @param part what is between its position and limit
     * @return the time, which is read anew after each wait and now and then: to read it costs as much as a small chunk
     */
    private long write(long number, boolean first, boolean last, int headerBytes, ByteBuffer part, long startNanos)
            throws InterruptedException {
        int end = part.limit();
        boolean begins = first;
        boolean hasHeaders = false;
        boolean ends;
        long nowNanos = startNanos;
        int chunks = 0;
        do {
            if (++chunks % CHUNKS_PER_CLOCK_READ == 0) {
                nowNanos = driver.nowNanos();
            }
            nowNanos = awaitRoom(number, nowNanos);
            if (begins && headerBytes > 0) {
                hasHeaders = keepsHeaders(part, headerBytes);
            }
            // Only now, since longer chunks may not get to all members any more that there are after the wait.
            part.limit(Math.min(part.position() + window.payloadBytes(), end));
            ends = part.limit() == end;
            writeChunk(typeOf(begins, last && ends, hasHeaders), part, nowNanos);
            begins = false;
        } while (!ends);
        return nowNanos;
    }

    /** Whether the members that there are now take the headers that a part begins with; if not, it passes over them. */
    private boolean keepsHeaders(ByteBuffer part, int headerBytes) {
        if (window.receipts().areHeadersTaken()) {
            return true;
        }
        part.position(part.position() + headerBytes);
        group.work().onHeadersLeftOut();
        if (!toldLeftOut) {
            toldLeftOut = true;
            String members = Nodes.listed(window.receipts().withoutHeaders());
            node.dispatcher()
                    .execute(() -> log.warn(
                            "{}: headers of messages are left out while there are members that don't know them: {}. It is"
                                    + " counted (headers left-out) and not logged again. Update these members",
                            label,
                            members));
        }
        return false;
    }

    private static ChunkType typeOf(boolean first, boolean last, boolean hasHeaders) {
        if (!first) {
            return last ? ChunkType.BROADCAST_FINAL_FRAGMENT : ChunkType.BROADCAST_FRAGMENT;
        } else if (hasHeaders) {
            return last ? ChunkType.BROADCAST_MESSAGE_WITH_HEADERS : ChunkType.BROADCAST_FIRST_FRAGMENT_WITH_HEADERS;
        }
        return last ? ChunkType.BROADCAST_MESSAGE : ChunkType.BROADCAST_FIRST_FRAGMENT;
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
        if (type.withoutHeaders() == ChunkType.BROADCAST_MESSAGE || type == ChunkType.BROADCAST_FINAL_FRAGMENT) {
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
