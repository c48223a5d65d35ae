package io.camure.protocol;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.StateMachine;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A camure 0.1 member of one broadcast group: it acknowledges each chunk by itself, and says nothing of what it can. */
final class LegacyMember implements StateMachine {

    static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.3", 20000);

    final List<ChunkType> received = new ArrayList<>();

    /** The bytes of the last SessionWelcome. */
    int sessionWelcomeBytes;

    private final Outbox outbox = new Outbox(DatagramCodec.PLAIN);
    private final ProtocolCounters counters = new ProtocolCounters();
    private final int group;

    private LegacyMember(int group) {
        this.group = group;
    }

    /** A node that asks to be let into the session and the group. */
    static LegacyMember joining(Session session, int group) {
        LegacyMember member = new LegacyMember(group);
        session.network.add(ADDRESS, member);
        session.network.receiveMulticast(ADDRESS);
        member.send((byte) 0);
        return member;
    }

    private void send(byte... datagram) {
        outbox.sendWritten(Session.COORDINATOR, outbox.control().put(datagram));
    }

    @Override
    public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        ChunkReader chunk = new ChunkReader();
        int length = datagram.remaining();
        if (chunk.read(datagram) != null) {
            throw new AssertionError("unreadable: " + datagram);
        }
        if (chunk.type() == ChunkType.SESSION_WELCOME) {
            sessionWelcomeBytes = length;
            send((byte) 10, (byte) (group >> 8), (byte) group, (byte) 0);
            return;
        }
        received.add(chunk.type());
        if (chunk.type() == ChunkType.GROUP_WELCOME || chunk.type().isBroadcast()) {
            int sequence = chunk.sequence();
            send((byte) 12, (byte) (group >> 8), (byte) group, (byte) (sequence >> 8), (byte) sequence);
        }
    }

    @Override
    public void onDeadline(long nowNanos) {}

    @Override
    public long nextDeadlineNanos() {
        return RetryTimer.NEVER;
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
