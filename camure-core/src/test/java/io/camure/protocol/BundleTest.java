package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
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
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that follow one another closely leave together, and arrive one by one. */
class BundleTest {

    /** Two of them with their lengths just fill a chunk. */
    private static final int LARGEST_BUNDLED_BYTES =
            (Session.CHUNK_BYTES - ChunkHeader.TAGGED.bytes()) / 2 - ChunkWriter.BUNDLED_LENGTH_BYTES;

    private final Session session = new Session();
    private final ManagedGroup<BroadcastSending> group =
            session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
    private final List<byte[]> written = new ArrayList<>();
    private final List<byte[]> received = new ArrayList<>();
    private JoinedGroup<BroadcastReceiving> member;
    private List<Transmission> sent;

    @BeforeEach
    void join() {
        member = session.member().joinBroadcast(1);
        session.settle();
        sent = session.network.record();
    }

    private void write(int bytes) {
        byte[] message = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            message[i] = (byte) (written.size() + i);
        }
        written.add(message);
        group.work().window().write(ChunkType.BROADCAST_MESSAGE, ByteBuffer.wrap(message), session.now());
    }

    private void read() {
        ReceiveWindow window = member.work().window();
        while (window.nextType() != null) {
            assertThat(window.nextType()).isEqualTo(ChunkType.BROADCAST_MESSAGE);
            byte[] message = new byte[window.nextBytes()];
            window.read(message, 0, message.length, session.now());
            received.add(message);
        }
    }

    private void assertAllReceived() {
        session.settle();
        read();
        assertThat(received.toArray(byte[][]::new)).isDeepEqualTo(written.toArray(byte[][]::new));
    }

    private List<ChunkType> dataSent() {
        session.network.runFor(0);
        return sent.stream()
                .map(Transmission::type)
                .filter(ChunkType::isBroadcast)
                .toList();
    }

    @Test
    void aMessageAfterAPauseLeavesAtTheSameInstant() {
        write(10);

        assertThat(dataSent()).containsExactly(ChunkType.BROADCAST_MESSAGE);
        assertThat(sent.get(0).atNanos()).isEqualTo(session.now());

        session.network.runFor(SendWindow.GATHER_NANOS);
        write(10);
        assertThat(dataSent()).hasSize(2);
        assertAllReceived();
    }

    @Test
    void messagesThatFollowCloselyShareADatagram() {
        for (int i = 0; i < 1 + 10; i++) {
            write(40);
        }
        assertThat(dataSent()).as("the first one waits for nobody").hasSize(1);
        session.network.runFor(SendWindow.GATHER_NANOS);

        assertThat(dataSent()).containsExactly(ChunkType.BROADCAST_MESSAGE, ChunkType.BROADCAST_BUNDLE);
        assertAllReceived();
    }

    @Test
    void theLastOfABurstLeavesWhenNoneHasFollowedForTheTimeOfGathering() {
        for (int i = 0; i < 5; i++) {
            write(10);
        }
        long startNanos = session.now();
        session.network.runFor(SendWindow.GATHER_NANOS - 1);
        assertThat(dataSent()).hasSize(1);
        session.network.runFor(1);

        assertThat(dataSent()).hasSize(2);
        assertThat(sent.get(1).atNanos()).isEqualTo(startNanos + SendWindow.GATHER_NANOS);
    }

    @Test
    void aStreamThatNeverPausesIsNotGatheredForLonger() {
        for (int i = 0; i < 1000; i++) {
            write(4);
            session.network.runFor(MICROSECONDS.toNanos(10));
            read();
        }
        long lastNanos = 0;
        for (Transmission t : sent) {
            if (t.type().isBroadcast()) {
                assertThat(t.atNanos() - lastNanos)
                        .as("since the one before")
                        .isLessThanOrEqualTo(lastNanos == 0 ? Long.MAX_VALUE : 2 * SendWindow.GATHER_NANOS);
                lastNanos = t.atNanos();
            }
        }
        assertThat(dataSent().size()).isLessThan(1000 / 5);
        assertAllReceived();
    }

    @Test
    void whatIsPushedLeavesAtOnce() {
        write(10);
        write(10);
        write(10);
        group.work().window().push(session.now());

        assertThat(dataSent()).containsExactly(ChunkType.BROADCAST_MESSAGE, ChunkType.BROADCAST_BUNDLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void twoOfTheLargestThatFitShareADatagramAndThoseOfAByteMoreDoNot(int more) {
        write(1);
        write(LARGEST_BUNDLED_BYTES + more);
        write(LARGEST_BUNDLED_BYTES + more);
        session.network.runFor(SendWindow.GATHER_NANOS);

        assertThat(dataSent().subList(1, dataSent().size()))
                .containsExactlyElementsOf(
                        more == 0
                                ? List.of(ChunkType.BROADCAST_BUNDLE)
                                : List.of(ChunkType.BROADCAST_MESSAGE, ChunkType.BROADCAST_MESSAGE));
        assertAllReceived();
    }

    @Test
    void noDatagramIsLargerThanTheChunkSizeOfTheSession() {
        for (int bytes = 0; bytes < 600; bytes++) {
            if (group.work().window().room() == 0) {
                session.network.runFor(MILLISECONDS.toNanos(1));
                read();
            }
            write(bytes % (Session.CHUNK_BYTES - ChunkHeader.NONCED.bytes() + 1));
        }
        assertAllReceived();

        assertThat(sent).allSatisfy(t -> assertThat(t.bytes()).hasSizeLessThanOrEqualTo(Session.CHUNK_BYTES));
    }

    @Test
    void emptyMessagesAreBundledAndArriveAsSuch() {
        for (int i = 0; i < 100; i++) {
            write(0);
        }
        session.network.runFor(SendWindow.GATHER_NANOS);

        assertThat(dataSent()).containsExactly(ChunkType.BROADCAST_MESSAGE, ChunkType.BROADCAST_BUNDLE);
        assertAllReceived();
        assertThat(received).hasSize(100).allMatch(message -> message.length == 0);
    }

    @Test
    void messagesOfABundleCanBePassedOverOneByOne() {
        for (int i = 0; i < 7; i++) {
            write(i);
        }
        session.settle();
        ReceiveWindow window = member.work().window();
        for (int i = 0; i < 7; i++) {
            assertThat(window.nextBytes()).isEqualTo(i);
            if (i % 2 == 0) {
                window.skip(session.now());
            } else {
                window.read(new byte[i], 0, i, session.now());
            }
        }

        assertThat(window.nextType()).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void anyMixtureOfSizesAndPausesArrivesInOrderThroughAnyNetwork(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        session.network.setFaults(new Faults(0.1, 0.05, 10_000, 300_000));
        for (int i = 0; i < 2000; i++) {
            while (group.work().window().room() == 0) {
                session.network.runFor(MILLISECONDS.toNanos(1));
                read();
            }
            write(random.nextInt(4) == 0 ? random.nextInt(500) : random.nextInt(20));
            if (random.nextInt(3) == 0) {
                session.network.runFor(random.nextLong(2 * SendWindow.GATHER_NANOS));
                read();
            }
        }
        session.network.setFaults(Faults.NONE);

        assertThat(dataSent()).contains(ChunkType.BROADCAST_BUNDLE, ChunkType.BROADCAST_MESSAGE);
        assertAllReceived();
    }
}
