package io.camure.node.broadcast;

import io.camure.BroadcastGroup;
import io.camure.CamureException;
import io.camure.Delivery;
import io.camure.GroupConfig;
import io.camure.Headers;
import io.camure.MemberProgress;
import io.camure.Node;
import io.camure.WindowUse;
import io.camure.node.group.Counter;
import io.camure.node.group.GroupAtCoordinator;
import io.camure.node.group.NodeContext;
import io.camure.node.group.Nodes;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.SendWindow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

public final class BroadcastAtCoordinator extends GroupAtCoordinator implements BroadcastGroup, ChunkSink {

    private final SendWindow window;
    private final OutgoingMessages messages;
    private final Deliveries deliveries;
    private final Counter keptChunks = new Counter(0);
    private final Counter slots = new Counter(0);

    BroadcastAtCoordinator(
            NodeContext coordinator,
            Consumer<GroupAtCoordinator> closing,
            ManagedGroup<BroadcastSending> group,
            GroupConfig config) {
        super(coordinator, closing, group, config);
        window = group.work().window();
        messages = new OutgoingMessages(
                coordinator, this, group, waits, config.timeout(), this::end, this::missingExpected);
        deliveries = new Deliveries(coordinator, this, window, config.timeout(), waits, this::end);
    }

    @Override
    public void send(byte[] message) throws InterruptedException {
        send(message, Headers.NONE);
    }

    @Override
    public void send(byte[] message, Headers headers) throws InterruptedException {
        driver().enter();
        try {
            sendEntered(message, headers);
        } finally {
            driver().leave();
        }
    }

    @Override
    public CompletableFuture<Delivery> sendAsync(byte[] message) throws InterruptedException {
        return sendAsync(message, Headers.NONE);
    }

    @Override
    public CompletableFuture<Delivery> sendAsync(byte[] message, Headers headers) throws InterruptedException {
        driver().enter();
        try {
            sendEntered(message, headers);
            return deliveries.next(driver().nowNanos());
        } catch (CamureException e) {
            CompletableFuture<Delivery> failed = coordinator.futureExecutor().newFuture();
            failed.completeExceptionally(e);
            return failed;
        } finally {
            driver().leave();
        }
    }

    private void sendEntered(byte[] message, Headers headers) throws InterruptedException {
        try {
            messages.send(message, headers);
        } finally {
            publishWindow();
        }
    }

    @Override
    public void send(MessageSource source) throws IOException, InterruptedException {
        send(source, Headers.NONE);
    }

    @Override
    public void send(MessageSource source, Headers headers) throws IOException, InterruptedException {
        ChunkedMessageWriter writer = newMessage(headers);
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
        return newMessage(Headers.NONE);
    }

    @Override
    public ChunkedMessageWriter newMessage(Headers headers) throws InterruptedException {
        byte[] encoded = headers.isEmpty() ? new byte[0] : headers.encoded();
        driver().enter();
        try {
            long number = messages.begin();
            return new ChunkedMessageWriter(this, number, messages.beginning(encoded, Integer.MAX_VALUE));
        } finally {
            driver().leave();
        }
    }

    @Override
    public int sendPart(long number, boolean first, boolean last, int headerBytes, ByteBuffer part)
            throws InterruptedException {
        driver().enter();
        try {
            messages.write(number, first, last, headerBytes, part);
            return window.payloadBytes();
        } finally {
            driver().leave();
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
            messages.end(number, nowNanos);
            publishWindow();
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
        return messages.messagesSent();
    }

    @Override
    public long bytesSent() {
        return messages.bytesSent();
    }

    @Override
    public WindowUse window() {
        driver().refresh();
        return new WindowUse((int) keptChunks.get(), (int) slots.get());
    }
}
