package io.camure.protocol.session;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a coordinator's doctor asks members, and what it learns. */
class EchoesTest {

    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);
    private static final InetSocketAddress MEMBER = new InetSocketAddress("10.0.0.2", 10000);
    private static final InetSocketAddress OTHER = new InetSocketAddress("10.0.0.3", 10000);
    private static final InetSocketAddress EARLIER_BUILD = new InetSocketAddress("10.0.0.4", 10000);
    private static final SessionSettings SETTINGS = new SessionSettings(
            MULTICAST,
            PathSizes.given(1472),
            SECONDS.toNanos(1),
            SECONDS.toNanos(5),
            0,
            100,
            64,
            1 << 20,
            "coordinator",
            GroupDelivery.AUTO,
            true);

    private final Outbox outbox = new Outbox(DatagramCodec.PLAIN);
    private final ProtocolCounters counters = new ProtocolCounters();
    private final PeerTable peers = new PeerTable(SETTINGS, counters);
    private final Echoes requests = new Echoes(SETTINGS, peers, outbox, counters);

    private void join(InetSocketAddress member, int capabilities) {
        peers.admit(member, Extension.offer(capabilities, 64, 1 << 20, 1), 1, 0, gone -> {});
    }

    /** What was sent: to whom, how long, and under which number. */
    private record Sent(InetSocketAddress destination, int bytes, int number) {}

    private List<Sent> sent() {
        List<Sent> sent = new ArrayList<>();
        outbox.transmit((datagrams, datagramBytes, destination) -> {
            ChunkReader chunk = new ChunkReader();
            assertThat(chunk.read(datagrams)).isNull();
            assertThat(chunk.type()).isEqualTo(ChunkType.ECHO_REQUEST);
            sent.add(new Sent(destination, chunk.lengthBytes(), chunk.number()));
        });
        return sent;
    }

    private void answer(InetSocketAddress member, int number, long nowNanos) {
        ByteBuffer answer = ByteBuffer.allocate(10);
        ChunkWriter.echo(answer, ChunkType.ECHO_ANSWER, number);
        ChunkReader chunk = new ChunkReader();
        assertThat(chunk.read(answer.flip())).isNull();
        requests.onChunk(member, chunk, nowNanos);
    }

    @Test
    void aMemberIsAskedByARequestOfTheGivenLength() {
        join(MEMBER, Capability.ALL);
        requests.ask(MEMBER, 1280, 0);

        List<Sent> sent = sent();
        assertThat(sent).extracting(Sent::destination).containsExactly(MEMBER);
        assertThat(sent).extracting(Sent::bytes).containsExactly(1280);
        assertThat(requests.answer(MEMBER)).isEqualTo(Echoes.UNANSWERED);
        answer(MEMBER, sent.get(0).number(), MILLISECONDS.toNanos(3));

        assertThat(requests.answer(MEMBER)).isEqualTo(MILLISECONDS.toNanos(3));
    }

    @Test
    void allAreAskedAtOnceByMulticast() {
        join(MEMBER, Capability.ALL);
        join(OTHER, Capability.ALL);
        join(EARLIER_BUILD, Capability.MULTICAST_PROBES.mask());
        assertThat(requests.members()).extracting(NodeIdentity::address).containsExactlyInAnyOrder(MEMBER, OTHER);
        requests.ask(null, 64, 0);

        List<Sent> sent = sent();
        assertThat(sent).extracting(Sent::destination).containsExactly(MULTICAST);
        answer(MEMBER, sent.get(0).number(), 1);
        assertThat(requests.isAnsweredByAll()).isFalse();
        answer(OTHER, sent.get(0).number(), 2);

        assertThat(requests.isAnsweredByAll()).isTrue();
        assertThat(requests.answer(OTHER)).isEqualTo(2);
    }

    @Test
    void answersThatAreLateDoubledOrForgedChangeNothing() {
        join(MEMBER, Capability.ALL);
        requests.ask(MEMBER, 64, 0);
        requests.ask(MEMBER, 64, 10);
        List<Sent> sent = sent();
        answer(MEMBER, sent.get(0).number(), 15);
        assertThat(requests.answer(MEMBER)).as("late").isEqualTo(Echoes.UNANSWERED);
        answer(OTHER, sent.get(1).number(), 16);
        assertThat(requests.answer(OTHER)).as("forged").isEqualTo(Echoes.UNANSWERED);
        answer(MEMBER, sent.get(1).number(), 17);
        answer(MEMBER, sent.get(1).number(), 18);

        assertThat(requests.answer(MEMBER)).isEqualTo(7);
        assertThat(counters.dropped(DropReason.DUPLICATE)).isEqualTo(2);
        assertThat(counters.dropped(DropReason.NOT_IN_SESSION)).isOne();
    }
}
