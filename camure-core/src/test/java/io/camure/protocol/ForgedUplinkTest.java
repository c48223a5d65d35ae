package io.camure.protocol;

import static io.camure.protocol.LongValueSession.value;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.security.Secret;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import io.camure.wire.StreamDirection;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks of long values that somebody sends in the name of a member, who sees what is said in the session. */
class ForgedUplinkTest {

    private static final int LENGTH = 300_000;

    private static LongValueSession among(Session session) {
        return new LongValueSession(session, LossPolicy.CONTINUE, LongValueSession.MEBIBYTE, 2);
    }

    /** A chunk of the value of the first member, with a number that may be that of a genuine one. */
    private static ByteBuffer forged(LongValueSession collective, int sequence) {
        ByteBuffer chunk = ByteBuffer.allocate(Session.CHUNK_BYTES);
        ChunkHeader.NONCED.write(
                chunk,
                StreamDirection.UP,
                ChunkType.BROADCAST_FRAGMENT,
                3,
                sequence,
                collective.joined.get(0).membership(),
                4711);
        return chunk.put(new byte[100]).flip();
    }

    private static void send(LongValueSession collective, InetSocketAddress source, ByteBuffer datagram) {
        collective.session.coordinator.onDatagram(source, datagram, collective.session.now());
    }

    private static void gatherWithForgery(LongValueSession collective, int sequence) {
        List<byte[]> values = List.of(value(LENGTH, 0), value(LENGTH, 1), value(LENGTH, 2));
        // As when the network is slow just then: the forged chunk comes before the genuine one.
        boolean[] cut = {true};
        InetSocketAddress victim = collective.nodes.get(0).address;
        collective.session.network.dropIf(
                (source, destination, chunk) -> cut[0] && source.equals(victim) && chunk.type() == ChunkType.UPLINK);
        collective.arriveAtMember(0, values.get(1));
        collective.arriveAtMember(1, values.get(2));
        collective.arriveAtCoordinator(values.get(0));
        collective.session.network.runFor(MILLISECONDS.toNanos(1));
        send(collective, victim, forged(collective, sequence));
        cut[0] = false;
        collective.session.network.runFor(SECONDS.toNanos(5));

        collective.assertGathered(0, values);
    }

    /** In place of a genuine one, and far ahead of what was sent. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 60, 120})
    void theValueOfAnHonestNodeArrivesAsItIsAfterASecond(int sequence) {
        LongValueSession collective = among(new Session());
        gatherWithForgery(collective, sequence);
        collective.gather(1, 1_000);
    }

    /** Nobody says anything in the name of a member without the keys of its link, though he is in the session himself. */
    @Test
    void inASealedSessionNothingOfItIsTaken() {
        Session sealed = new Session(GroupDelivery.MULTICAST, List.of(new Secret(new byte[Secret.SHORTEST_BYTES])));
        LongValueSession collective = among(sealed);
        collective.arriveAtMember(0, value(LENGTH, 1));
        sealed.network.runFor(MILLISECONDS.toNanos(1));
        InetSocketAddress victim = collective.nodes.get(0).address;
        Session.Node insider = collective.nodes.get(1);
        send(collective, victim, forged(collective, 3));
        send(collective, victim, sealedBy(insider, forged(collective, 3)));
        send(collective, insider.address, sealedBy(insider, forged(collective, 3)));
        collective.arriveAtMember(1, value(LENGTH, 2));
        collective.arriveAtCoordinator(value(LENGTH, 0));
        sealed.network.runFor(SECONDS.toNanos(1));

        assertThat(List.of(DropReason.UNSECURED, DropReason.UNKNOWN_KEY, DropReason.EARLIER_INCARNATION))
                .allSatisfy(reason -> assertThat(sealed.coordinator.counters().dropped(reason))
                        .isOne());
        collective.assertGathered(0, List.of(value(LENGTH, 0), value(LENGTH, 1), value(LENGTH, 2)));
    }

    private static ByteBuffer sealedBy(Session.Node node, ByteBuffer chunk) {
        ByteBuffer datagram = ByteBuffer.allocate(2 * Session.CHUNK_BYTES);
        node.codec.seal(chunk, chunk.remaining(), COORDINATOR, (run, bytes, to) -> datagram.put(run.duplicate()));
        return datagram.flip();
    }
}
