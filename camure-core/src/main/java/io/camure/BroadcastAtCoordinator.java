package io.camure;

import io.camure.protocol.CoordinatorGroup;
import io.camure.protocol.SendWindow;
import io.camure.runtime.SessionDriver;
import io.camure.wire.ChunkType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

final class BroadcastAtCoordinator extends GroupAtCoordinator implements BroadcastGroup {

    private final SendWindow window;

    /** Whether a message is being written. Guarded by the driver's lock. */
    private boolean writing;

    private long messagesSent;

    BroadcastAtCoordinator(CoordinatorNode coordinator, CoordinatorGroup group, GroupConfig config) {
        super(coordinator, group, config);
        window = group.window();
    }

    @Override
    public void send(byte[] message) throws InterruptedException {
        try {
            send(out -> out.write(message));
        } catch (IOException e) {
            throw new CamureException(this + ": sending failed", e);
        }
    }

    @Override
    public void send(MessageSource source) throws IOException, InterruptedException {
        try (MessageWriter writer = newMessage()) {
            source.writeTo(writer.withoutClose());
            writer.complete();
        } catch (IOException e) {
            // What the writer can only wrap, since it is an OutputStream.
            if (e.getCause() instanceof CamureException cause) {
                throw cause;
            } else if (e.getCause() instanceof InterruptedException cause && Thread.interrupted()) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public MessageWriter newMessage() throws InterruptedException {
        long deadlineNanos = driver().nowNanos() + config.timeout().toNanos();
        while (!driver().execute(nowNanos -> tryBeginMessage())) {
            SessionDriver.Outcome outcome = driver().await(() -> !writing || end() != null, deadlineNanos);
            if (outcome == SessionDriver.Outcome.TIMED_OUT) {
                throw new DeliveryTimeoutException(
                        this + ": another message was being written for " + config.timeout(), List.of());
            }
        }
        return new MessageWriter(
                this,
                coordinator.chunkSize(),
                driver().nowNanos() + config.timeout().toNanos());
    }

    private boolean tryBeginMessage() {
        CamureException end = end();
        if (end != null) {
            throw end;
        }
        boolean free = !writing;
        writing = true;
        return free;
    }

    /** Sends a chunk as soon as there is room. */
    void sendChunk(ChunkType type, ByteBuffer payload, long deadlineNanos) throws InterruptedException {
        while (!driver().execute(nowNanos -> trySendChunk(type, payload, nowNanos))) {
            SessionDriver.Outcome outcome = driver().await(() -> window.room() > 0 || end() != null, deadlineNanos);
            if (outcome == SessionDriver.Outcome.TIMED_OUT) {
                throw driver().read(nowNanos -> noRoom());
            }
        }
    }

    private boolean trySendChunk(ChunkType type, ByteBuffer payload, long nowNanos) {
        CamureException end = end();
        if (end != null) {
            throw end;
        }
        if (window.room() == 0) {
            return false;
        }
        window.write(type, payload, nowNanos);
        if (type == ChunkType.BROADCAST_MESSAGE || type == ChunkType.BROADCAST_FINAL_FRAGMENT) {
            messagesSent++;
        }
        return true;
    }

    private DeliveryTimeoutException noRoom() {
        if (!group.isFormed()) {
            return new DeliveryTimeoutException(
                    this + ": no message can be sent yet: " + group.memberCount() + " of " + config.expectedMembers()
                            + " expected members have joined",
                    List.of());
        }
        List<InetSocketAddress> slow = window.unacknowledgedBy(window.nextSequence());
        return new DeliveryTimeoutException(
                this + ": no room to send for " + config.timeout() + ", since not all was acknowledged by " + slow,
                slow);
    }

    /** Ends the message that is being written; what was not written whole is given up. */
    void endMessage() {
        driver().execute(nowNanos -> {
            window.abandonMessage(nowNanos);
            writing = false;
            return null;
        });
    }

    @Override
    public void flush(Duration timeout) throws InterruptedException {
        long sequence = driver().read(nowNanos -> window.nextSequence());
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
            List<InetSocketAddress> missing = window.unacknowledgedBy(sequence);
            throw new DeliveryTimeoutException(
                    this + ": not everything was acknowledged after " + timeout + " by " + missing, missing);
        });
    }

    @Override
    public long messagesSent() {
        return driver().read(nowNanos -> messagesSent);
    }

    @Override
    public String toString() {
        return coordinator.name() + ": broadcast " + group.id();
    }
}
