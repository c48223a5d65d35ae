package io.camure.node.broadcast;

import io.camure.BroadcastGroup;
import io.camure.CamureException;
import io.camure.Delivery;
import io.camure.DeliveryTimeoutException;
import io.camure.GroupConfig;
import io.camure.MemberProgress;
import io.camure.Node;
import io.camure.WindowUse;
import io.camure.node.group.Counter;
import io.camure.node.group.GroupAtCoordinator;
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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.event.Level;

public final class BroadcastAtCoordinator extends GroupAtCoordinator implements BroadcastGroup, ChunkSink {

    private static final int CHUNKS_PER_CLOCK_READ = 16;
    private static final long NONE = 0;

    private final SendWindow window;
    private final Deliveries deliveries;
    private final LegacyLimit limit;
    private final BooleanSupplier hasRoom = this::hasRoom;
    private final Supplier<LongWaits.Notice> noRoomNotice = this::noRoomNotice;
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
        limit = new LegacyLimit(this, window);
        deliveries = new Deliveries(coordinator, this, window, config.timeout(), waits, this::end);
        timeoutNanos = config.timeout().toNanos();
    }

    @Override
    public void send(byte[] message) throws InterruptedException {
        driver().enter();
        try {
            sendEntered(message);
        } finally {
            driver().leave();
        }
    }

    @Override
    public CompletableFuture<Delivery> sendAsync(byte[] message) throws InterruptedException {
        driver().enter();
        try {
            sendEntered(message);
            return deliveries.next(driver().nowNanos());
        } catch (CamureException e) {
            CompletableFuture<Delivery> failed = coordinator.futureExecutor().newFuture();
            failed.completeExceptionally(e);
            return failed;
        } finally {
            driver().leave();
        }
    }

    private void sendEntered(byte[] message) throws InterruptedException {
        long number = beginMessage();
        long endNanos = -1;
        try {
            limit.check(message.length);
            endNanos = write(number, true, true, ByteBuffer.wrap(message), driver().nowNanos());
        } finally {
            // Whoever has failed may have waited before.
            endMessage(number, endNanos < 0 ? driver().nowNanos() : endNanos);
        }
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
                nowNanos = driver().nowNanos();
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
            long nowNanos = driver().nowNanos();
            SessionDriver.Outcome outcome = waits.awaitEntered(
                    () -> writing == NONE || end() != null,
                    nowNanos,
                    deadlineNanos(nowNanos),
                    () -> LongWaits.Notice.info(
                            this, "the end of the message that another thread writes" + whatHoldsUp()));
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
    public int sendPart(long number, boolean first, boolean last, ByteBuffer part) throws InterruptedException {
        driver().enter();
        try {
            write(number, first, last, part, driver().nowNanos());
            return window.payloadBytes();
        } finally {
            driver().leave();
        }
    }

    private long awaitRoom(long number, long startNanos) throws InterruptedException {
        long nowNanos = startNanos;
        CamureException end = end();
        if (end != null) {
            throw end;
        }
        if (window.room() == 0) {
            window.push(nowNanos);
            long waitNanos = driver().nowNanos();
            SessionDriver.Outcome outcome =
                    waits.awaitEntered(hasRoom, waitNanos, deadlineNanos(waitNanos), true, noRoomNotice);
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
        driver().flushEntered();
    }

    private boolean hasRoom() {
        return window.hasRoomAgain() || end() != null;
    }

    private DeliveryTimeoutException noRoom() {
        String waited = Format.duration(config.timeout());
        if (!group.isFormed()) {
            return new DeliveryTimeoutException(
                    this + ": no message could be sent for " + waited + ": " + missingExpected(), List.of());
        }
        List<NodeIdentity> slow = window.receipts().lacking(window.nextSequence());
        return new DeliveryTimeoutException(
                this + ": no room to send for " + waited + ", since not all was acknowledged by " + Nodes.listed(slow),
                Nodes.of(slow));
    }

    private LongWaits.Notice noRoomNotice() {
        return group.isFormed()
                ? new LongWaits.Notice(Level.WARN, this, "room to send" + whatHoldsUp())
                : LongWaits.Notice.info(this, "members: " + missingExpected());
    }

    private String whatHoldsUp() {
        List<NodeIdentity> slow = window.receipts().lacking(window.nextSequence());
        return slow.isEmpty() ? "" : ": not all that was sent was acknowledged by " + Nodes.listed(slow);
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
    public Delivery flush() throws InterruptedException {
        return flush(config.timeout());
    }

    @Override
    public Delivery flush(Duration timeout) throws InterruptedException {
        return deliveries.flush(timeout);
    }

    @Override
    public List<Node> slowMembers() {
        return driver().read(nowNanos -> Nodes.of(window.receipts().slow()));
    }

    @Override
    public List<MemberProgress> progress() {
        return driver().read(nowNanos -> window.receipts().uses().stream()
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
