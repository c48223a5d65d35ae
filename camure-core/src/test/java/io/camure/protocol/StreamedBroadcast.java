package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A broadcast to negotiated members whose messages are numbered and too large to share a chunk. */
final class StreamedBroadcast {

    static final long ROUND_TRIP_NANOS = 2 * Faults.NONE.minimumDelayNanos();

    final Session session = new Session(Faults.NONE, 256);
    final ManagedGroup<BroadcastSending> group =
            session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
    final List<Session.Node> nodes = new ArrayList<>();
    final List<JoinedGroup<BroadcastReceiving>> members = new ArrayList<>();
    final List<List<Integer>> messages = new ArrayList<>();
    int written;

    SendWindow window() {
        return group.work().window();
    }

    /** Whether all members have all that was written, as far as the coordinator knows. */
    boolean isAcknowledged() {
        return window().isAcknowledged(window().nextSequence());
    }

    void join(int count) {
        for (int i = 0; i < count; i++) {
            nodes.add(session.member(256));
            messages.add(new ArrayList<>());
        }
        nodes.forEach(node -> members.add(node.joinBroadcast(1)));
        session.settle();
        assertThat(group.memberCount()).isEqualTo(count);
    }

    void write() {
        Session.write(group, written++, session.now());
    }

    void read() {
        for (int i = 0; i < members.size(); i++) {
            messages.get(i).addAll(read(members.get(i)));
        }
    }

    /** Reads what is here, at the time that it is. */
    List<Integer> read(JoinedGroup<BroadcastReceiving> member) {
        List<Integer> read = new ArrayList<>();
        ReceiveWindow window = member.work().window();
        while (window.nextType() != null) {
            byte[] payload = new byte[window.nextBytes()];
            window.read(payload, 0, payload.length, session.now());
            read.add(ByteBuffer.wrap(payload).getInt());
        }
        return read;
    }

    /** Writes and reads a stream of messages that are too large to share a chunk. */
    void stream(int count) {
        for (int i = 0; i < count; i++) {
            session.network.runUntil(session.now() + SECONDS.toNanos(60), () -> window().room() > 0);
            write();
            session.network.runFor(MICROSECONDS.toNanos(20));
            read();
        }
        // What was gathered leaves.
        session.network.runFor(MILLISECONDS.toNanos(1));
        read();
    }

    void assertEverybodyHasAll() {
        session.settle();
        read();
        assertThat(messages)
                .allSatisfy(got -> assertThat(got)
                        .hasSize(written)
                        .isEqualTo(IntStream.range(0, written).boxed().toList()));
        assertThat(isAcknowledged()).isTrue();
    }

    long retransmissions() {
        return session.coordinator.counters().retransmissions();
    }

    static boolean isData(ChunkType type) {
        return type.isBroadcast();
    }

    List<Transmission> dataOf(List<Transmission> sent) {
        return sent.stream().filter(t -> isData(t.type())).toList();
    }

    /** Writes until there is no more room, and lets long time pass. */
    void fillUp() {
        for (int i = 0; i < 20; i++) {
            while (window().room() > 0) {
                write();
            }
            session.settle();
        }
        assertThat(window().nextSequence()).isGreaterThan(0);
        assertThat(written).isGreaterThan(256);
    }
}
