package io.camure.protocol;

import static io.camure.protocol.LongValueSession.MEBIBYTE;
import static io.camure.protocol.LongValueSession.value;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.PathSizes;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.round.RoundBreak;
import io.camure.protocol.round.RoundOutcome;
import io.camure.protocol.security.Secret;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are too long for an arrival, and results that are too long for a release. */
class LongValueTest {

    private static final Faults LOSSY = new Faults(0.2, 0.05, 50_000, 500_000);

    private static LongValueSession among(int members) {
        return new LongValueSession(new Session(), LossPolicy.CONTINUE, MEBIBYTE, members);
    }

    @Test
    void aValueAndAResultMayHaveAnyLengthUpToTheMaximum() {
        LongValueSession collective = among(2);
        int round = 0;
        for (int length : new int[] {1, 400, 450, 470, 480, 490, 508, 1000, 100_000, MEBIBYTE, 0, 30}) {
            collective.gather(round++, length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void allGetTheValuesOfAllThroughAnyLoss(int variant) {
        LongValueSession collective = among(variant == 0 ? 1 : 4);
        collective.session.network.setFaults(LOSSY);
        collective.gather(0, variant == 0 ? MEBIBYTE : 1 << 16);
        collective.gather(1, 300);
        collective.gather(2, 1 << 16);
    }

    @ParameterizedTest
    @EnumSource(GroupDelivery.class)
    void theResultGoesTheWayThatReachesAll(GroupDelivery delivery) {
        LongValueSession collective = new LongValueSession(new Session(delivery), LossPolicy.CONTINUE, MEBIBYTE, 3);
        List<SimulatedNetwork.Transmission> sent = collective.session.network.record();
        collective.gather(0, 10_000);

        boolean byMulticast = sent.stream()
                .anyMatch(one -> one.type() == ChunkType.BROADCAST_FRAGMENT
                        && one.destination().equals(SimulatedNetwork.MULTICAST));
        assertThat(byMulticast).isEqualTo(delivery != GroupDelivery.UNICAST);
        collective.session.network.deafenIf((receiver, bytes) -> true);
        collective.gather(1, 10_000);
    }

    @Test
    void aSealedSessionHasThemToo() {
        Session sealed = new Session(GroupDelivery.MULTICAST, List.of(new Secret(new byte[Secret.SHORTEST_BYTES])));
        LongValueSession collective = new LongValueSession(sealed, LossPolicy.CONTINUE, MEBIBYTE, 3);
        collective.gather(0, 100_000);
        sealed.network.setFaults(LOSSY);
        collective.gather(1, 100_000);
    }

    @Test
    void aLongValueCostsItsChunksAndShortOnesAfterwardsNothingMore() {
        LongValueSession collective = among(3);
        // The first one begins with less than may be on its way.
        collective.gather(0, 20_000);
        collective.session.settle();
        List<SimulatedNetwork.Transmission> sent = collective.session.network.record();
        collective.gather(1, 20_000);
        collective.session.settle();
        int chunks = (20_000 + 489) / 490;
        assertThat(sent).filteredOn(one -> one.type() == ChunkType.UPLINK).hasSize(3 * chunks);
        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.UPLINK_QUERY || one.type() == ChunkType.BROADCAST_QUERY)
                .isEmpty();
        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.COLLECTIVE_RELEASED)
                .hasSize(1);

        List<SimulatedNetwork.Transmission> later = collective.session.network.record();
        for (int round = 2; round < 100; round++) {
            collective.gather(round, 8);
        }
        assertThat(later)
                .extracting(SimulatedNetwork.Transmission::type)
                .containsOnly(ChunkType.COLLECTIVE_REACHED, ChunkType.COLLECTIVE_RELEASED);
        assertThat(later).hasSize(98 * 4);
    }

    @Test
    void whoDiesWithItsValueOnItsWayTakesNoPart() {
        LongValueSession collective = among(2);
        byte[] mine = value(1000, 1);
        byte[] others = value(1000, 2);
        cutUplinkOf(collective, 1);
        collective.arriveAtMember(0, others);
        collective.arriveAtMember(1, value(MEBIBYTE, 3));
        collective.arriveAtCoordinator(mine);
        collective.session.network.runFor(SECONDS.toNanos(1));
        assertThat(collective.group.work().outcome().round()).isEqualTo(-1);
        collective.lose(1);

        collective.assertGathered(0, List.of(mine, others));
        collective.gather(1, 1000);
    }

    @Test
    void whoDiesWithItsValueOnItsWayBreaksTheRoundWhereThatIsWanted() {
        LongValueSession collective = new LongValueSession(new Session(), LossPolicy.BREAK, MEBIBYTE, 2);
        cutUplinkOf(collective, 1);
        collective.arriveAtMember(0, value(MEBIBYTE, 2));
        collective.arriveAtMember(1, value(MEBIBYTE, 3));
        collective.session.network.runFor(SECONDS.toNanos(1));
        collective.lose(1);

        RoundOutcome outcome = collective.joined.get(0).work().outcome();
        assertThat(outcome.broken()).isNotNull();
        assertThat(outcome.broken().cause()).isEqualTo(RoundBreak.Cause.MEMBER_LOST);
        collective.arriveAtCoordinator(value(1, 1));
        collective.gather(1, 100_000);
    }

    /** After 100 chunks nothing of it arrives any more. */
    private static void cutUplinkOf(LongValueSession collective, int member) {
        int[] chunks = {0};
        InetSocketAddress address = collective.nodes.get(member).address;
        collective.session.network.dropIf((source, destination, chunk) ->
                source.equals(address) && chunk.type() == ChunkType.UPLINK && chunks[0]++ > 100);
    }

    /** What was given up is not taken for what comes next, whatever is on its way still. */
    @Test
    void aRoundThatIsResetWithValuesOnTheirWayLeavesNothingBehind() {
        LongValueSession collective = among(3);
        collective.session.network.setFaults(LOSSY);
        long round = 0;
        for (int i = 0; i < 20; i++) {
            for (int member = 0; member < 3; member++) {
                collective.arriveAtMember(member, value(200_000, i));
            }
            collective.session.network.runFor(MILLISECONDS.toNanos(i));
            collective.group.work().reset(collective.session.now());
            collective.arriveAtCoordinator(value(10, i));
            collective.group.work().reset(collective.session.now());
            long broken = round;
            collective.session.network.runUntil(
                    collective.session.now() + SECONDS.toNanos(60), () -> collective.haveAll(broken));
            assertThat(collective.joined.get(0).work().outcome().broken()).isNotNull();
            round++;
            collective.gather(round++, 30_000);
        }
    }

    @Test
    void aValueThatIsLongerThanTheCoordinatorTakesBreaksTheRoundAndIsNotTaken() {
        LongValueSession collective = new LongValueSession(new Session(), LossPolicy.CONTINUE, 5000, 2);
        List<SimulatedNetwork.Transmission> sent = collective.session.network.record();
        collective.arriveAtMember(0, value(5000, 1));
        collective.arriveAtMember(1, value(5001, 2));
        collective.arriveAtCoordinator(value(1, 3));
        collective.session.settle();

        assertThat(sent)
                .as("nobody says what is here of it")
                .noneMatch(one -> one.type() == ChunkType.BROADCAST_STATUS
                        && one.destination().equals(collective.nodes.get(1).address));
        for (RoundOutcome outcome : List.of(
                collective.group.work().outcome(),
                collective.joined.get(0).work().outcome(),
                collective.joined.get(1).work().outcome())) {
            assertThat(outcome.round()).isZero();
            assertThat(outcome.broken().cause()).isEqualTo(RoundBreak.Cause.FAILED);
            assertThat(outcome.broken().detail())
                    .contains(collective.nodes.get(1).address.getPort() + "")
                    .contains("5001 bytes")
                    .contains("5000")
                    .contains("maximumValueBytes");
        }
        collective.gather(1, 5000);
    }

    /** As in a tunnel whose ends are not known to be one. */
    @ParameterizedTest
    @ValueSource(ints = {900, 1400, 100_000})
    void whatIsTooLongForTheWayToTheCoordinatorGoesInShorterChunks(int length) {
        Session session = new Session(GroupDelivery.UNICAST, PathSizes.given(PathSizes.ETHERNET_BYTES));
        LongValueSession collective = new LongValueSession(session, LossPolicy.CONTINUE, MEBIBYTE, 2);
        session.network.dropIf((source, destination, chunk) ->
                destination.equals(COORDINATOR) && chunk.lengthBytes() > PathSizes.LEAST_BYTES);
        collective.gather(0, length);
        long startNanos = session.now();
        collective.gather(1, length);
        assertThat(session.now() - startNanos).as("once known, it is").isLessThan(SECONDS.toNanos(1));
    }

    /** The release is known by then, and not told again. */
    @Test
    void nobodyGoesOnWithoutTheWholeResultAndNothingIsRepeatedForThat() {
        LongValueSession collective = among(2);
        collective.gather(0, 10_000);
        boolean[] cut = {true};
        collective.session.network.dropIf((source, destination, chunk) -> cut[0]
                && chunk.type() == ChunkType.BROADCAST_FINAL_FRAGMENT
                && destination.equals(collective.nodes.get(1).address));
        List<SimulatedNetwork.Transmission> sent = collective.session.network.record();
        List<byte[]> values = List.of(value(10_000, 1), value(10_000, 2), value(10_000, 3));
        collective.arriveAtCoordinator(values.get(0));
        collective.arriveAtMember(0, values.get(1));
        collective.arriveAtMember(1, values.get(2));
        collective.session.network.runFor(SECONDS.toNanos(2));

        assertThat(collective.joined.get(0).work().outcome().round()).isOne();
        assertThat(collective.joined.get(1).work().outcome().round()).isZero();
        assertThat(collective.arriveAtMember(1, value(20, 4)))
                .as("it waits for the same round")
                .isOne();
        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.COLLECTIVE_RELEASED)
                .hasSize(1);
        cut[0] = false;
        collective.session.network.runFor(SECONDS.toNanos(2));
        collective.assertGathered(1, values);
    }

    @Test
    void aValueOfNobodyIsNotTaken() {
        LongValueSession collective = among(1);
        collective.arriveAtMember(0, value(100_000, 1));
        Stranger stranger = new Stranger(collective.session);
        stranger.toCoordinator(collective.nodes.get(0).address, chunk -> {
            chunk.put((byte) 63).putShort((short) 3).putShort((short) 0);
            chunk.putInt(4711).put((byte) 22).putLong(0).putLong(0);
        });
        collective.arriveAtCoordinator(value(1, 2));
        collective.session.settle();

        assertThat(collective.haveAll(0)).isTrue();
        assertThat(collective.session.coordinator.counters().dropped(DropReason.EARLIER_INCARNATION))
                .isOne();
    }

    /** Values are kept until the round ends, and results until the next one does. */
    @Test
    void memoryIsTakenForWhatIsHereAndFreedAfterwards() throws Exception {
        LongValueSession collective = among(4);
        collective.gather(0, 10);
        long before = keptBytes();
        collective.gather(1, MEBIBYTE);
        collective.session.settle();
        assertThat(keptBytes() - before)
                .as("the result at 5 nodes, with room for more at one of them")
                .isBetween(25L * MEBIBYTE, 29L * MEBIBYTE);
        collective.gather(2, 10);

        assertThat(keptBytes() - before).isLessThan(MEBIBYTE / 2);
    }

    /** What all byte arrays have that are in use. */
    private static long keptBytes() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return histogram
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(columns -> columns.length > 3 && columns[3].equals("[B"))
                .mapToLong(columns -> Long.parseLong(columns[2]))
                .sum();
    }
}
