package io.camure.protocol.session;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.group.AnswerLimit;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Tells nodes that ask by multicast for the session of a name where its coordinator is. */
public final class Announcer implements StateMachine {

    private final Extension answer;
    private final InetSocketAddress address;
    private final Outbox outbox = new Outbox(DatagramCodec.PLAIN);
    private final ProtocolCounters counters = new ProtocolCounters();
    private final AnswerLimit answerLimit = new AnswerLimit();
    private final ChunkReader chunk = new ChunkReader();

    /**
     * @param name of the coordinator
     * @param address where it is to be asked; a wildcard for the address that the answers come from, with that port
     * @param random tells this announcer from others: what it tells of itself says nothing of the coordinator's numbers
     */
    public Announcer(String name, String sessionName, InetSocketAddress address, RandomGenerator random) {
        this.address = address;
        answer = Extension.offer(Capability.ALL, 0, 0, random.nextLong() | 1)
                .withName(name)
                .withSessionName(sessionName);
    }

    @Override
    public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        DropReason reason = chunk.read(datagram);
        if (reason == null) {
            counters.onReceived(chunk.type());
            reason = refusal(source, nowNanos);
        }
        if (reason != null) {
            counters.onDropped(reason);
            return;
        }
        Extension query = chunk.extension();
        ByteBuffer announcement = outbox.control();
        ChunkWriter.announcement(announcement, address);
        answer.withEcho(query == null ? 0 : query.incarnation()).write(announcement);
        if (announcement.position() > chunk.lengthBytes()) {
            // Whoever asks in somebody else's name must not have more sent there than it sends itself.
            counters.onDropped(DropReason.UNANSWERED);
            return;
        }
        outbox.sendWritten(source, announcement);
    }

    private @Nullable DropReason refusal(InetSocketAddress source, long nowNanos) {
        Extension query = chunk.extension();
        if (chunk.type() != ChunkType.ANNOUNCEMENT_QUERY) {
            return DropReason.UNEXPECTED;
        } else if (query == null || !query.isUnderstood()) {
            return DropReason.UNKNOWN_VERSION;
        } else if (!query.sessionName().equals(answer.sessionName())) {
            // Another name can have the same address.
            return DropReason.OTHER_SESSION;
        }
        return answerLimit.allows(source, nowNanos) ? null : DropReason.UNANSWERED;
    }

    @Override
    public void onDeadline(long nowNanos) {
        // Nothing is due unless somebody asks.
    }

    @Override
    public long nextDeadlineNanos() {
        return RetryTimer.NEVER;
    }

    @Override
    public boolean answersOneByOne() {
        return false;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public ProtocolCounters counters() {
        return counters;
    }
}
