package io.camure.protocol.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.ChunkReader;
import io.camure.wire.DropReason;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Datagrams that lie one behind the other are handed over together. */
class OutboxTest {

    private static final InetSocketAddress HERE = new InetSocketAddress("10.0.0.1", 1);
    private static final InetSocketAddress THERE = new InetSocketAddress("10.0.0.1", 2);

    private final Outbox outbox = new Outbox(DatagramCodec.PLAIN);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1000);

    private record Run(int start, int end, int datagramBytes, InetSocketAddress destination) {}

    private List<Run> transmitted() {
        List<Run> runs = new ArrayList<>();
        outbox.transmit((datagrams, datagramBytes, destination) ->
                runs.add(new Run(datagrams.position(), datagrams.limit(), datagramBytes, destination)));
        return runs;
    }

    @Test
    void datagramsOfOneSizeAreOneRun() {
        outbox.send(HERE, buffer, 100, 110);
        outbox.send(HERE, buffer, 110, 120);
        outbox.send(HERE, buffer, 120, 130);

        assertThat(transmitted()).containsExactly(new Run(100, 130, 10, HERE));
    }

    @Test
    void aShorterOneEndsARun() {
        outbox.send(HERE, buffer, 0, 10);
        outbox.send(HERE, buffer, 10, 20);
        outbox.send(HERE, buffer, 20, 25);
        outbox.send(HERE, buffer, 25, 35);
        outbox.send(HERE, buffer, 35, 45);

        assertThat(transmitted()).containsExactly(new Run(0, 25, 10, HERE), new Run(25, 45, 10, HERE));
    }

    @Test
    void nothingIsAddedBehindAShorterOneThoughItIsAsShort() {
        outbox.send(HERE, buffer, 0, 10);
        outbox.send(HERE, buffer, 10, 15);
        outbox.send(HERE, buffer, 15, 20);

        assertThat(transmitted()).containsExactly(new Run(0, 15, 10, HERE), new Run(15, 20, 5, HERE));
    }

    @Test
    void aLongerOneBeginsARun() {
        outbox.send(HERE, buffer, 0, 10);
        outbox.send(HERE, buffer, 10, 21);

        assertThat(transmitted()).containsExactly(new Run(0, 10, 10, HERE), new Run(10, 21, 11, HERE));
    }

    @Test
    void anotherDestinationBeginsARun() {
        outbox.send(HERE, buffer, 0, 10);
        outbox.send(THERE, buffer, 10, 20);
        outbox.send(HERE, buffer, 20, 30);

        assertThat(transmitted())
                .containsExactly(new Run(0, 10, 10, HERE), new Run(10, 20, 10, THERE), new Run(20, 30, 10, HERE));
    }

    @Test
    void anotherBufferBeginsARun() {
        outbox.send(HERE, buffer, 0, 10);
        outbox.send(HERE, ByteBuffer.allocateDirect(1000), 10, 20);

        assertThat(transmitted()).hasSize(2);
    }

    @Test
    void aGapOrARepetitionBeginsARun() {
        outbox.send(HERE, buffer, 0, 10);
        outbox.send(HERE, buffer, 11, 21);
        outbox.send(HERE, buffer, 11, 21);
        outbox.send(HERE, buffer, 0, 10);

        assertThat(transmitted()).hasSize(4);
    }

    @Test
    void controlChunksAreHandedOverOneByOneInOrder() {
        for (int i = 0; i < 100; i++) {
            outbox.sendWritten(HERE, outbox.control().put((byte) i).put((byte) 7));
        }
        List<Integer> sent = new ArrayList<>();
        outbox.transmit((datagrams, datagramBytes, destination) -> {
            assertThat(datagrams.remaining()).isEqualTo(2).isEqualTo(datagramBytes);
            sent.add((int) datagrams.get(datagrams.position()));
        });

        assertThat(sent).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void whatWasHandedOverIsForgottenAndItsControlBuffersAreUsedAgain() {
        ByteBuffer first = outbox.control();
        outbox.sendWritten(HERE, first.put((byte) 1));
        assertThat(outbox.hasDatagrams()).isTrue();
        assertThat(transmitted()).hasSize(1);

        assertThat(outbox.hasDatagrams()).isFalse();
        assertThat(transmitted()).isEmpty();
        assertThat(outbox.control()).isSameAs(first).matches(again -> again.position() == 0);
        assertThat(first.limit()).isEqualTo(first.capacity());
    }

    @Test
    void aRunIsSealedAsARun() {
        ByteBuffer sealed = ByteBuffer.allocate(100);
        Outbox sealing = new Outbox(new DatagramCodec() {
            @Override
            public int overheadBytes() {
                return 2;
            }

            @Override
            public @Nullable DropReason open(InetSocketAddress source, ByteBuffer datagram, ChunkReader chunk) {
                return chunk.read(datagram);
            }

            @Override
            public void seal(
                    ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination, Transmitter transmitter) {
                assertThat(datagrams.remaining()).isEqualTo(25);
                transmitter.send(sealed.limit(31), datagramBytes + 2, destination);
            }
        });
        sealing.send(HERE, buffer, 0, 10);
        sealing.send(HERE, buffer, 10, 20);
        sealing.send(HERE, buffer, 20, 25);
        List<Run> runs = new ArrayList<>();
        sealing.transmit((datagrams, datagramBytes, destination) ->
                runs.add(new Run(datagrams.position(), datagrams.limit(), datagramBytes, destination)));

        assertThat(runs).containsExactly(new Run(0, 31, 12, HERE));
        assertThat(sealing.overheadBytes()).isEqualTo(2);
    }

    @Test
    void whatIsSentStaysAsItWasThoughItsBytesAreWrittenAnew() {
        outbox.send(HERE, buffer.put(10, (byte) 1), 10, 20);
        outbox.send(THERE, buffer, 30, 40);
        outbox.detach(buffer, 0, 10);
        outbox.detach(buffer, 20, 30);
        outbox.detach(buffer, 19, 21);
        buffer.put(10, (byte) 2).put(30, (byte) 2);
        List<Byte> first = new ArrayList<>();
        List<Boolean> copied = new ArrayList<>();
        outbox.transmit((datagrams, datagramBytes, destination) -> {
            assertThat(datagrams.remaining()).isEqualTo(10).isEqualTo(datagramBytes);
            first.add(datagrams.get(datagrams.position()));
            copied.add(datagrams != buffer);
        });

        assertThat(first).containsExactly((byte) 1, (byte) 2);
        assertThat(copied).containsExactly(true, false);
    }

    @Test
    void eventsAreTakenOnce() {
        assertThat(outbox.hasEvents()).isFalse();
        SessionEvent event = new SessionEvent.MemberSlow(1, NodeIdentity.at(HERE));
        outbox.tell(event);
        assertThat(outbox.hasEvents()).isTrue();
        assertThat(outbox.takeEvents()).containsExactly(event);

        assertThat(outbox.hasEvents()).isFalse();
        assertThat(outbox.takeEvents()).isEmpty();
    }
}
