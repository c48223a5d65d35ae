package io.camure.protocol;

import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** How a member's state machines speak to the coordinator. Remembers when, as each chunk is a sign of life. */
final class MemberLink {

    private final InetSocketAddress coordinator;
    private final long coordinatorTimeoutNanos;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final RoundTripEstimator roundTrip = new RoundTripEstimator();
    private boolean spoke;

    MemberLink(MemberSettings settings, Outbox outbox, ProtocolCounters counters) {
        coordinator = settings.coordinatorAddress();
        coordinatorTimeoutNanos = settings.coordinatorTimeoutNanos();
        this.outbox = outbox;
        this.counters = counters;
    }

    ProtocolCounters counters() {
        return counters;
    }

    long coordinatorTimeoutNanos() {
        return coordinatorTimeoutNanos;
    }

    RoundTripEstimator roundTrip() {
        return roundTrip;
    }

    void tell(SessionEvent event) {
        outbox.tell(event);
    }

    void send(ChunkType sessionChunk) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.session(chunk, sessionChunk);
        send(chunk);
    }

    void join(int group, GroupType type) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.groupJoin(chunk, group, type);
        send(chunk);
    }

    void leave(int group) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.groupLeave(chunk, group);
        send(chunk);
    }

    void acknowledgeWelcome(int group, long sequence) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.welcomeAck(chunk, group, sequence);
        send(chunk);
    }

    void send(ChunkType type, int group, long sequence) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.sequenced(chunk, type, group, sequence);
        send(chunk);
    }

    private void send(ByteBuffer written) {
        spoke = true;
        outbox.sendWritten(coordinator, written);
    }

    /** Whether anything was sent since the last call. */
    boolean takeSpoke() {
        boolean result = spoke;
        spoke = false;
        return result;
    }
}
