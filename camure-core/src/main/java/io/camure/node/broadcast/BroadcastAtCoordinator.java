package io.camure.node.broadcast;

import io.camure.BroadcastGroup;
import io.camure.CamureException;
import io.camure.DeliveryTimeoutException;
import io.camure.GroupConfig;
import io.camure.MemberProgress;
import io.camure.Node;
import io.camure.UndeliverableMessageException;
import io.camure.WindowUse;
import io.camure.node.group.Counter;
import io.camure.node.group.GroupAtCoordinator;
import io.camure.node.group.NodeContext;
import io.camure.node.group.Nodes;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.SendWindow;
import io.camure.runtime.SessionDriver;
import io.camure.wire.ChunkType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

public final class BroadcastAtCoordinator extends GroupAtCoordinator implements BroadcastGroup, ChunkSink {

    private static final int CHUNKS_PER_CLOCK_READ = 16;
    private static final long NONE = 0;

    private final SendWindow window;
    private final BooleanSupplier hasRoom = this::hasRoom;
    private final long timeoutNanos;

    /** The number of the message that is being written, or {@link #NONE}. Guarded by the driver's lock. */
    private long writing = NONE;

    private long messagesBegun;

    private final Counter messagesSent = new Counter(0);
    private final Counter bytesSent = new Counter(0);
    private final Counter keptChunks = new Counter(0);
    private final Counter slots = new Counter(0);

    BroadcastAtCoordinator(
            NodeContext coordinator,
            Consumer<GroupAtCoordinator> closing,
            ManagedGroup<BroadcastSending> group,
            GroupConfig config) {
        super(coordinator, closing, group, config);
        window = group.work().window();
        timeoutNanos = config.timeout().toNanos();
    }

    @Override
    public void send(byte[] message) throws InterruptedException {
        driver().enter();
        try {
            long number = beginMessage();
            long endNanos = -1;
            try {
                checkLength(message.length);
                endNanos = write(message, number, driver().nowNanos());
            } finally {
                // Whoever has failed may have waited before.
                endMessage(number, endNanos < 0 ? driver().nowNanos() : endNanos);
            }
        } finally {
            driver().leave();
        }
    }

    private void checkLength(int messageBytes) {
        if (messageBytes > maximumBytes()) {
            throw undeliverable();
        }
    }

    private long maximumBytes() {
        return (long) window.longestMessageChunks() * window.payloadBytes();
    }

    private UndeliverableMessageException undeliverable() {
        List<Node> legacyMembers = Nodes.of(window.legacyReceivers());
        return new UndeliverableMessageException(
                this + ": a message of more than " + maximumBytes() + " bytes (" + window.longestMessageChunks()
                        + " chunks) can't be sent while members speak protocol 0.1, which would never receive it: "
                        + legacyMembers + ". Send it in parts, use a larger chunk size, or let these members leave",
                maximumBytes(),
                legacyMembers);
    }

    /** @return the time, which is read anew after each wait and now and then: to read it costs as much as a small chunk */
    private long write(byte[] message, long number, long startNanos) throws InterruptedException {
        ByteBuffer payload = ByteBuffer.wrap(message);
        int chunkBytes = window.payloadBytes();
        boolean fragmented = message.length > chunkBytes;
        long nowNanos = startNanos;
        int start = 0;
        int chunks = 0;
        do {
            int end = Math.min(start + chunkBytes, message.length);
            payload.limit(end).position(start);
            boolean last = end == message.length;
            if (++chunks % CHUNKS_PER_CLOCK_READ == 0) {
                nowNanos = driver().nowNanos();
            }
            nowNanos = writeChunk(number, typeOf(fragmented, start == 0, last), payload, nowNanos);
            start = end;
        } while (start < message.length);
        return nowNanos;
    }

    private static ChunkType typeOf(boolean fragmented, boolean first, boolean last) {
        if (!fragmented) {
            return ChunkType.BROADCAST_MESSAGE;
        } else if (first) {
            return ChunkType.BROADCAST_FIRST_FRAGMENT;
        }
        return last ? ChunkType.BROADCAST_FINAL_FRAGMENT : ChunkType.BROADCAST_FRAGMENT;
    }

    /** When waiting that begins now has to be over. */
    private long deadlineNanos(long nowNanos) {
        return nowNanos + timeoutNanos;
    }

    @Override
    public void send(MessageSource source) throws IOException, InterruptedException {
        ChunkedMessageWriter writer = newMessage();
        try {
            source.writeTo(writer.withoutClose());
            writer.complete();
        } catch (IOException e) {
            // What the writer can only wrap, since it is an OutputStream; not what the source has met with elsewhere.
            if (writer.hasThrown(e) && e.getCause() instanceof CamureException cause) {
                throw cause;
            } else if (writer.hasThrown(e)
                    && e.getCause() instanceof InterruptedException cause
                    && Thread.interrupted()) {
                throw cause;
            }
            throw e;
        } finally {
            writer.abandon();
        }
    }

    @Override
    public ChunkedMessageWriter newMessage() throws InterruptedException {
        int chunkBytes;
        long number;
        driver().enter();
        try {
            number = beginMessage();
            chunkBytes = window.payloadBytes();
        } finally {
            driver().leave();
        }
        return new ChunkedMessageWriter(this, number, chunkBytes);
    }

    /** Waits until no other message is being written; gives back the number of this one. Between enter and leave. */
    private long beginMessage() throws InterruptedException {
        if (writing != NONE) {
            SessionDriver.Outcome outcome =
                    driver().awaitEntered(() -> writing == NONE || end() != null, deadlineNanos(driver().nowNanos()));
            if (outcome == SessionDriver.Outcome.TIMED_OUT) {
                throw new DeliveryTimeoutException(
                        this + ": another message was being written for " + Format.duration(config.timeout()),
                        List.of());
            }
        }
        CamureException end = end();
        if (end != null) {
            throw end;
        }
        writing = ++messagesBegun;
        return writing;
    }

    @Override
    public void sendChunk(long number, ChunkType type, ByteBuffer payload) throws InterruptedException {
        driver().enter();
        try {
            writeChunk(number, type, payload, driver().nowNanos());
        } finally {
            driver().leave();
        }
    }

    private long writeChunk(long number, ChunkType type, ByteBuffer payload, long startNanos)
            throws InterruptedException {
        long nowNanos = startNanos;
        CamureException end = end();
        if (end != null) {
            throw end;
        }
        if (window.room() == 0) {
            window.push(nowNanos);
            SessionDriver.Outcome outcome = driver().awaitEntered(hasRoom, deadlineNanos(driver().nowNanos()), true);
            if (outcome == SessionDriver.Outcome.TIMED_OUT) {
                throw noRoom();
            }
            end = end();
            if (end != null) {
                throw end;
            }
            nowNanos = driver().nowNanos();
        }
        if (writing != number) {
            throw new CamureException(this + ": the message was given up by another thread");
        }
        if (!window.takes(type)) {
            throw undeliverable();
        }
        bytesSent.add(payload.remaining());
        window.write(type, payload, nowNanos);
        if (type == ChunkType.BROADCAST_MESSAGE || type == ChunkType.BROADCAST_FINAL_FRAGMENT) {
            messagesSent.add(1);
        }
        // A run that is complete leaves while the next one is written.
        driver().flushEntered();
        return nowNanos;
    }

    private boolean hasRoom() {
        return window.hasRoomAgain() || end() != null;
    }

    private DeliveryTimeoutException noRoom() {
        if (!group.isFormed()) {
            return new DeliveryTimeoutException(
                    this + ": no message can be sent yet: " + group.memberCount() + " of " + config.expectedMembers()
                            + " expected members have joined",
                    List.of());
        }
        List<Node> slow = Nodes.of(window.unacknowledgedBy(window.nextSequence()));
        return new DeliveryTimeoutException(
                this + ": no room to send for " + Format.duration(config.timeout())
                        + ", since not all was acknowledged by " + slow,
                slow);
    }

    /** Ends the message that is being written; what was not written whole is given up. Under the driver's lock. */
    private void endMessage(long number, long nowNanos) {
        if (writing == number) {
            writing = NONE;
            window.abandonMessage(nowNanos);
            publishWindow();
        }
    }

    @Override
    protected void publish() {
        super.publish();
        publishWindow();
    }

    private void publishWindow() {
        keptChunks.set(window.keptChunks());
        slots.set(window.slots());
    }

    @Override
    public void endWriting(long number) {
        driver().execute(nowNanos -> {
            endMessage(number, nowNanos);
            return null;
        });
    }

    @Override
    public void flush() throws InterruptedException {
        flush(config.timeout());
    }

    @Override
    public void flush(Duration timeout) throws InterruptedException {
        long sequence = driver().execute(nowNanos -> {
            window.ask(nowNanos);
            return window.nextSequence();
        });
        long deadlineNanos = driver().nowNanos() + Checks.waitNanos(timeout);
        driver().await(() -> window.isAcknowledged(sequence) || end() != null, deadlineNanos);
        driver().read(nowNanos -> {
            if (window.isAcknowledged(sequence)) {
                return null;
            }
            CamureException end = end();
            if (end != null) {
                throw end;
            }
            List<Node> missing = Nodes.of(window.unacknowledgedBy(sequence));
            throw new DeliveryTimeoutException(
                    this + ": not everything was acknowledged after " + Format.duration(timeout) + " by " + missing,
                    missing);
        });
    }

    @Override
    public List<Node> slowMembers() {
        return driver().read(nowNanos -> Nodes.of(window.slowReceivers()));
    }

    @Override
    public List<MemberProgress> progress() {
        return driver().read(nowNanos -> window.receivers().stream()
                .map(use -> new MemberProgress(
                        Nodes.of(use.node()),
                        use.missingChunks(),
                        use.windowChunks() == 0
                                ? Optional.empty()
                                : Optional.of(new WindowUse(use.keptChunks(), use.windowChunks()))))
                .toList());
    }

    @Override
    public long messagesSent() {
        return messagesSent.get();
    }

    @Override
    public long bytesSent() {
        return bytesSent.get();
    }

    @Override
    public WindowUse window() {
        driver().refresh();
        return new WindowUse((int) keptChunks.get(), (int) slots.get());
    }
}
