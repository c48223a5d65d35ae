package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.LoneCoordinator.Sent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupType;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A legacy member of a broadcast, which acknowledges chunk by chunk and gets again what it has not acknowledged. */
class LegacyReceiverTest {

    private static final int GROUP = 1;
    private static final InetSocketAddress LEGACY = new InetSocketAddress("10.0.0.3", 20000);
    private static final long ROUND_TRIP_NANOS = MILLISECONDS.toNanos(30);

    private final LoneCoordinator coordinator = new LoneCoordinator();
    private final ManagedGroup<BroadcastSending> group =
            coordinator.session.create(BroadcastKind.BROADCAST, GROUP, AUTOMATIC, SlowMemberPolicy.WAIT);
    private final SendWindow window = group.work().window();
    private final long first = window.nextSequence();

    private void ask() {
        coordinator.receive(LEGACY, chunk -> ChunkWriter.groupJoin(chunk, GROUP, GroupType.BROADCAST));
    }

    private void acknowledge(long sequence) {
        coordinator.receive(LEGACY, chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, GROUP, sequence));
    }

    private void write() {
        window.write(ChunkType.BROADCAST_MESSAGE, ByteBuffer.allocate(300), coordinator.nowNanos);
    }

    private List<Long> dataSent() {
        return coordinator.sent().stream()
                .filter(one -> one.type().isBroadcast())
                .map(one -> SequenceNumbers.extend(first, one.chunk().sequence()) - first)
                .toList();
    }

    private void pass(long millis) {
        coordinator.nowNanos += MILLISECONDS.toNanos(millis);
    }

    @BeforeEach
    void becomeMember() {
        ask();
        assertThat(coordinator.sent()).extracting(Sent::type).containsExactly(ChunkType.GROUP_WELCOME);
        coordinator.nowNanos += ROUND_TRIP_NANOS;
        acknowledge(first);
        assertThat(group.memberCount()).isOne();
        assertThat(group.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void whatItAloneDoesNotAcknowledgeIsRepeatedToItLessAndLessOften() {
        write();
        assertThat(dataSent()).containsExactly(0L);
        long startNanos = coordinator.nowNanos;
        for (long millis : new long[] {90, 270, 630, 1350, 2350}) {
            List<Sent> sent = coordinator.passDeadline();
            assertThat(coordinator.nowNanos - startNanos).isEqualTo(MILLISECONDS.toNanos(millis));
            assertThat(sent).singleElement().satisfies(one -> {
                assertThat(one.type()).isEqualTo(ChunkType.BROADCAST_MESSAGE);
                assertThat(one.destination()).isEqualTo(LEGACY);
            });
        }
        assertThat(coordinator.session.counters().retransmissions()).isEqualTo(5);
    }

    @Test
    void whatThreeDoNotAcknowledgeIsRepeatedByMulticastOnceAndThenToEach() {
        List<InetSocketAddress> addresses =
                List.of(LEGACY, new InetSocketAddress("10.0.0.4", 20000), new InetSocketAddress("10.0.0.5", 20000));
        for (InetSocketAddress other : addresses.subList(1, 3)) {
            coordinator.receive(other, chunk -> ChunkWriter.groupJoin(chunk, GROUP, GroupType.BROADCAST));
            coordinator.receive(other, chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, GROUP, first));
        }
        assertThat(group.memberCount()).isEqualTo(3);
        coordinator.sent();
        write();
        assertThat(dataSent()).containsExactly(0L);
        assertThat(coordinator.passDeadline())
                .extracting(Sent::destination)
                .containsExactly(SimulatedNetwork.MULTICAST);
        assertThat(coordinator.passDeadline()).extracting(Sent::destination).containsExactlyElementsOf(addresses);
        acknowledge(first);

        assertThat(coordinator.passDeadline())
                .extracting(Sent::destination)
                .containsExactlyElementsOf(addresses.subList(1, 3));
    }

    @Test
    void onlyWhatIsOverdueAndNotAcknowledgedIsRepeated() {
        for (long waitMillis : new long[] {1, 1, 13, 1, 15}) {
            write();
            pass(waitMillis);
        }
        dataSent();
        // As long as expected: the timeout shrinks to 75 ms.
        acknowledge(first + 1);
        pass(58);
        coordinator.session.onDeadline(coordinator.nowNanos);
        assertThat(dataSent()).as("89 ms after the first one").isEmpty();
        pass(1);
        coordinator.session.onDeadline(coordinator.nowNanos);

        assertThat(dataSent()).as("all but one that is a millisecond younger").containsExactly(0L, 2L, 3L);
        assertThat(coordinator.session.counters().retransmissions()).isEqualTo(3);
    }

    @Test
    void whatItAcknowledgesIsMeasuredUnlessItWasSentTwice() {
        write();
        pass(1);
        write();
        pass(38);
        acknowledge(first + 1);
        assertThat(group.roundTripNanos()).isEqualTo(MILLISECONDS.toNanos(31));
        acknowledge(first + 1);
        assertThat(group.roundTripNanos()).as("again").isEqualTo(MILLISECONDS.toNanos(31));
        pass(100);
        coordinator.session.onDeadline(coordinator.nowNanos);
        assertThat(dataSent()).endsWith(0L);
        pass(1);
        acknowledge(first);

        assertThat(group.roundTripNanos()).as("sent twice").isEqualTo(MILLISECONDS.toNanos(31));
        assertThat(group.isDrained()).isTrue();
    }

    @Test
    void oneThatGetsFartherAwayThanItMayTakeIsMeasuredAgain() {
        for (int i = 0; i < 20; i++) {
            write();
            pass(30);
            acknowledge(first + i);
        }
        assertThat(group.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
        dataSent();
        long longNanos = MILLISECONDS.toNanos(400);
        int repeated = 0;
        for (int i = 20; i < 60; i++) {
            write();
            long answerNanos = coordinator.nowNanos + longNanos;
            while (coordinator.session.nextDeadlineNanos() < answerNanos) {
                coordinator.passDeadline();
            }
            repeated += coordinator.session.counters().retransmissions() > 0 ? 1 : 0;
            coordinator.nowNanos = answerNanos;
            acknowledge(first + i);
        }

        assertThat(group.roundTripNanos())
                .as("answers to what was sent once have shown how long it takes")
                .isGreaterThan(MILLISECONDS.toNanos(300));
        long before = coordinator.session.counters().retransmissions();
        write();
        pass(400);
        coordinator.session.onDeadline(coordinator.nowNanos);
        assertThat(coordinator.session.counters().retransmissions()).isEqualTo(before);
        assertThat(repeated).isPositive();
    }

    @Test
    void oneThatIsFartherAwayThanTheOthersIsGivenItsTime() {
        List<InetSocketAddress> near = IntStream.range(0, 20)
                .mapToObj(i -> new InetSocketAddress("10.0.1." + i, 20000))
                .toList();
        for (InetSocketAddress each : near) {
            coordinator.receive(each, chunk -> ChunkWriter.groupJoin(chunk, GROUP, GroupType.BROADCAST));
            coordinator.receive(each, chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, GROUP, first));
        }
        coordinator.sent();
        long repetitions = 0;
        for (int i = 0; i < 100; i++) {
            long sequence = first + i;
            write();
            long answerNanos = coordinator.nowNanos + ROUND_TRIP_NANOS;
            pass(1);
            for (InetSocketAddress each : near) {
                coordinator.receive(each, chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, GROUP, sequence));
            }
            while (coordinator.session.nextDeadlineNanos() < answerNanos) {
                coordinator.passDeadline();
            }
            coordinator.nowNanos = answerNanos;
            acknowledge(sequence);
            if (i == 50) {
                repetitions = coordinator.session.counters().retransmissions();
            }
        }

        assertThat(coordinator.session.counters().retransmissions() - repetitions)
                .as("nothing was lost, so nothing is sent to it twice, by which it would be taken not to hear")
                .isZero();
    }

    @Test
    void acknowledgementsOfWhatWasNotSentCountForNothing() {
        write();
        acknowledge(first + 1);
        acknowledge(first - 1);
        assertThat(group.isDrained()).isFalse();
        acknowledge(first);

        assertThat(group.isDrained()).isTrue();
    }

    @Test
    void itIsNeverAskedNorGivenWhatItDoesNotKnow() {
        for (int i = 0; i < 10; i++) {
            write();
        }
        window.ask(coordinator.nowNanos);

        assertThat(coordinator.sent()).hasSize(10).extracting(Sent::type).containsOnly(ChunkType.BROADCAST_MESSAGE);
        assertThat(window.payloadBytes()).isEqualTo(Session.CHUNK_BYTES - ChunkWriter.BROADCAST_HEADER_BYTES);
    }

    @Test
    void aMemberThatReportsIsAskedByItselfWhereAnotherDoesNot() {
        InetSocketAddress negotiated = LoneCoordinator.NODE;
        coordinator.receiveGroupJoin(negotiated, GROUP, GroupType.BROADCAST, 40);
        coordinator.nowNanos += ROUND_TRIP_NANOS;
        coordinator.receive(negotiated, chunk -> ChunkWriter.welcomeAck(chunk, GROUP, first, 40));
        assertThat(group.memberCount()).isEqualTo(2);
        coordinator.sent();
        write();
        coordinator.nowNanos += ROUND_TRIP_NANOS;
        acknowledge(first);
        coordinator.sent();
        List<Sent> asked = List.of();
        while (asked.isEmpty()) {
            asked = coordinator.passDeadline();
        }

        assertThat(asked).singleElement().satisfies(query -> {
            assertThat(query.type()).isEqualTo(ChunkType.BROADCAST_QUERY);
            assertThat(query.destination()).isEqualTo(negotiated);
        });
    }

    @Test
    void nothingIsSentUntilItHasAcknowledgedItsWelcomeOrIsGivenUp() {
        coordinator.receive(LEGACY, chunk -> ChunkWriter.groupLeave(chunk, GROUP, 0));
        ask();
        coordinator.sent();
        write();
        assertThat(dataSent()).isEmpty();
        assertThat(group.isDrained()).isFalse();
        acknowledge(first);

        assertThat(dataSent()).containsExactly(0L);
    }

    @Test
    void whoAsksAnewLongAfterItWasAdmittedHasLostItsPlace() {
        coordinator.nowNanos = ROUND_TRIP_NANOS + LoneCoordinator.TIMEOUT_NANOS;
        ask();
        assertThat(group.memberCount()).as("it may be late").isOne();
        assertThat(coordinator.sent()).isEmpty();
        coordinator.nowNanos++;
        ask();

        assertThat(group.memberCount()).isZero();
        assertThat(coordinator.sent()).singleElement().satisfies(told -> {
            assertThat(told.type()).isEqualTo(ChunkType.GROUP_DISCONNECTED);
            assertThat(told.chunk().reason()).isEqualTo("duplicate join");
        });
    }

    @Test
    void theSocketBufferOfWhoDoesNotTellIsTakenForThatOfSixtyFourChunks() {
        long rounds = 0;
        while (rounds++ < 500 && window.room() > 0) {
            write();
            coordinator.nowNanos += SendWindow.GATHER_NANOS;
        }

        assertThat(dataSent()).hasSize(64);
        assertThat(coordinator.nowNanos).isLessThan(SECONDS.toNanos(1));
    }
}
