package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.security.KeyLimits;
import io.camure.protocol.security.Secret;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import io.camure.wire.SealedHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys of what is for all are followed by others when somebody leaves, and when they were used for long. */
class KeyChangeTest {

    private static final Secret SECRET = new Secret(new byte[32]);
    private static final long STEP_NANOS = MILLISECONDS.toNanos(10);

    /** How long after it has left a node may still be able to read. */
    private static final long GRACE_NANOS = MILLISECONDS.toNanos(250);

    private Session session;
    private ManagedGroup<BarrierRound> barrier;
    private ManagedGroup<BroadcastSending> broadcast;
    private final List<Member> members = new ArrayList<>();
    private int written;

    /** How a node goes. */
    enum Departure {
        LEAVES_GROUPS,
        LEAVES_SESSION,
        IS_LOST
    }

    private record Member(
            Session.Node node,
            JoinedGroup<BarrierArrival> arrivals,
            JoinedGroup<BroadcastReceiving> messages,
            List<Integer> read) {}

    private void begin(Session begun, int count) {
        session = begun;
        barrier = session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        broadcast = session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        for (int i = 0; i < count; i++) {
            Session.Node node = session.member();
            members.add(new Member(node, node.joinBarrier(0), node.joinBroadcast(1), new ArrayList<>()));
        }
        session.settle();
        assertThat(barrier.memberCount()).isEqualTo(count);
        assertThat(broadcast.memberCount()).isEqualTo(count);
    }

    private void begin(int count) {
        begin(new Session(GroupDelivery.MULTICAST, List.of(SECRET)), count);
    }

    /** Lets time pass, in which a message is sent and a round begun at each step. */
    private void work(int steps) {
        for (int i = 0; i < steps; i++) {
            Session.write(broadcast, written, session.now());
            written++;
            barrier.work().arrive(session.now());
            for (Member member : members) {
                member.arrivals().work().arrive(session.now());
            }
            session.network.runFor(STEP_NANOS);
            members.forEach(member -> member.read().addAll(Session.read(member.messages())));
        }
    }

    private void assertNothingWasLost() {
        for (Member member : members) {
            assertThat(member.read())
                    .isEqualTo(IntStream.range(0, written).boxed().toList());
        }
    }

    private Member depart(Departure departure) {
        Member leaver = members.remove(members.size() - 1);
        switch (departure) {
            case LEAVES_GROUPS -> {
                leaver.arrivals().leave(session.now());
                leaver.messages().leave(session.now());
            }
            case LEAVES_SESSION -> leaver.node().session.leave();
            case IS_LOST -> {}
        }
        if (departure != Departure.IS_LOST) {
            session.network.runFor(MILLISECONDS.toNanos(1));
        }
        session.network.kill(leaver.node().address);
        return leaver;
    }

    /** Which of what went to all somebody can open that has recorded it. */
    private static List<Transmission> opened(Member by, List<Transmission> recorded) {
        Outbox answers = new Outbox(by.node().codec);
        ProtocolCounters counters = new ProtocolCounters();
        ChunkReader chunk = new ChunkReader();
        List<Transmission> opened = new ArrayList<>();
        for (Transmission one : recorded) {
            ByteBuffer datagram = ByteBuffer.wrap(one.bytes());
            if (!by.node().codec.takes(COORDINATOR, datagram, answers, counters, one.atNanos())
                    && by.node().codec.open(COORDINATOR, datagram, chunk) == null) {
                opened.add(one);
            }
        }
        return opened;
    }

    @ParameterizedTest
    @EnumSource(Departure.class)
    void whoIsGoneReadsNothing250MillisecondsLater(Departure departure) {
        begin(new Session(GroupDelivery.AUTO, List.of(SECRET)), 3);
        work(10);
        Member leaver = depart(departure);
        List<Transmission> recorded = session.network.record();
        long goneNanos = session.now();
        int before = barrier.memberCount();
        while (barrier.memberCount() == before && departure == Departure.IS_LOST) {
            session.network.runFor(STEP_NANOS);
            goneNanos = session.now();
        }
        work(300);
        List<Transmission> opened = opened(leaver, recorded);
        long end = goneNanos + GRACE_NANOS;

        assertThat(recorded)
                .filteredOn(one -> one.atNanos() > end)
                .anyMatch(one -> SealedHeader.scope(ByteBuffer.wrap(one.bytes())) == SealedHeader.Scope.GROUP)
                .anyMatch(one -> SealedHeader.scope(ByteBuffer.wrap(one.bytes())) == SealedHeader.Scope.SESSION);
        assertThat(opened).as("it has keys").isNotEmpty();
        assertThat(opened)
                .filteredOn(one -> departure != Departure.LEAVES_GROUPS
                        || SealedHeader.scope(ByteBuffer.wrap(one.bytes())) == SealedHeader.Scope.GROUP)
                .allMatch(one -> one.atNanos() <= end);
        assertNothingWasLost();
    }

    @Test
    void nothingIsLostOrRepeatedByAChangeAndRoundsGoOn() {
        begin(4);
        work(10);
        depart(Departure.LEAVES_SESSION);
        long repeated = session.coordinator.counters().retransmissions();
        long passed = barrier.work().outcome().round();
        work(50);

        assertThat(session.coordinator.counters().keyChanges())
                .as("of the session and of two groups")
                .isEqualTo(3);
        assertThat(session.coordinator.counters().retransmissions()).isEqualTo(repeated);
        assertThat(barrier.work().outcome().round() - passed).isGreaterThanOrEqualTo(49);
        for (Member member : members) {
            assertThat(member.node().session.counters().dropped(DropReason.UNKNOWN_KEY))
                    .isZero();
            assertThat(member.node().session.counters().keyChanges()).isEqualTo(3);
        }
        assertNothingWasLost();
    }

    @Test
    void whoLeaveTogetherCauseOneChange() {
        begin(6);
        for (int i = 0; i < 4; i++) {
            depart(Departure.LEAVES_SESSION);
            session.network.runFor(MILLISECONDS.toNanos(5));
        }
        work(50);

        assertThat(session.coordinator.counters().keyChanges()).isEqualTo(3);
        assertNothingWasLost();
    }

    @Test
    void theRestHaveTheNewKeyWithin50Milliseconds() {
        begin(3);
        depart(Departure.LEAVES_SESSION);
        session.network.runFor(MILLISECONDS.toNanos(49));

        assertThat(session.coordinator.counters().keyChanges()).isEqualTo(3);
    }

    @Test
    void whoDoesNotGetTheNewKeyInTimeHoldsNobodyUpAndLosesNothing() {
        begin(3);
        Member late = members.get(0);
        depart(Departure.LEAVES_SESSION);
        session.network.dropIf(
                (source, destination, chunk) -> destination.equals(late.node().address) && isOfLink(chunk));
        session.network.runFor(MILLISECONDS.toNanos(229));
        assertThat(session.coordinator.counters().keyChanges()).isZero();
        session.network.runFor(MILLISECONDS.toNanos(2));
        assertThat(session.coordinator.counters().keyChanges()).isEqualTo(3);
        work(5);
        assertThat(late.node().session.counters().dropped(DropReason.UNKNOWN_KEY))
                .isPositive();
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        work(5);

        assertNothingWasLost();
    }

    /** The byte of the key is where other chunks have the first one of their group. */
    private static boolean isOfLink(ChunkReader chunk) {
        return chunk.type() == ChunkType.SEALED && chunk.group() >>> 14 == SealedHeader.Scope.LINK.ordinal();
    }

    @Test
    void whatIsLateIsOpenedByTheKeyBeforeForFiveSecondsAtMost() {
        begin(3);
        List<Transmission> recorded = session.network.record();
        session.network.dropIf((source, destination, chunk) -> !isOfLink(chunk));
        work(2);
        session.network.dropIf((source, destination, chunk) -> false);
        List<Transmission> late = recorded.stream()
                .filter(one -> one.destination().equals(SimulatedNetwork.MULTICAST))
                .toList();
        Member member = members.get(0);
        depart(Departure.LEAVES_SESSION);
        session.network.runFor(SECONDS.toNanos(5));
        member.node()
                .session
                .onDatagram(COORDINATOR, ByteBuffer.wrap(late.get(0).bytes()), session.now());
        long unknown = member.node().session.counters().dropped(DropReason.UNKNOWN_KEY);
        session.network.runFor(MILLISECONDS.toNanos(100));
        member.node()
                .session
                .onDatagram(COORDINATOR, ByteBuffer.wrap(late.get(1).bytes()), session.now());

        assertThat(unknown).isZero();
        assertThat(member.node().session.counters().dropped(DropReason.UNKNOWN_KEY))
                .isOne();
    }

    @Test
    void keysThatHaveSealedMuchAreFollowedByOthersAndNoNumberIsUsedTwice() {
        begin(Session.ofKeys(new KeyLimits(100, HOURS.toNanos(1)), SECRET), 2);
        List<Transmission> sent = session.network.record();
        work(3000);
        Set<String> ciphertexts = new HashSet<>();
        for (Transmission one : sent) {
            byte[] bytes = one.bytes();
            ciphertexts.add(Arrays.toString(
                    Arrays.copyOfRange(bytes, SealedHeader.BYTES, bytes.length - SealedHeader.TAG_BYTES)));
        }

        assertThat(ciphertexts).hasSameSizeAs(sent);
        assertThat(session.coordinator.counters().keyChanges())
                .as("more than there are generations")
                .isGreaterThan(SealedHeader.GENERATIONS);
        assertThat(session.coordinator.counters().dropped(DropReason.UNKNOWN_KEY))
                .isZero();
        assertThat(sent)
                .filteredOn(one -> one.destination().equals(COORDINATOR))
                .extracting(one -> SealedHeader.generation(ByteBuffer.wrap(one.bytes())))
                .contains(1, 2, 3, 63, 0);
        assertNothingWasLost();
    }

    @Test
    void keysThatAreOldAreFollowedByOthers() {
        begin(2);
        session.network.runFor(HOURS.toNanos(3));
        List<Transmission> sent = session.network.record();
        work(10);

        assertThat(session.coordinator.counters().keyChanges()).isBetween(6L, 9L);
        assertThat(session.coordinator.counters().keyAgeNanos(session.now()).getAsLong())
                .isLessThanOrEqualTo(HOURS.toNanos(1) + SECONDS.toNanos(1));
        assertThat(sent).isNotEmpty().allMatch(one -> SealedHeader.generation(ByteBuffer.wrap(one.bytes())) >= 2);
        assertNothingWasLost();
    }

    @Test
    void aMemberThatAsksForANewLinkGetsTheKeysThatItHasMissed() {
        begin(3);
        Member deaf = members.get(0);
        session.network.dropIf((source, destination, chunk) -> destination.equals(deaf.node().address));
        session.network.runFor(SECONDS.toNanos(2));
        depart(Departure.LEAVES_SESSION);
        session.network.runFor(MILLISECONDS.toNanos(1500));
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        long completed = session.coordinator.counters().handshakes(HandshakeOutcome.COMPLETED);
        work(20);

        assertThat(completed).as("with one more than there are members").isEqualTo(4);
        assertThat(deaf.node().session.loss()).isNull();
        assertNothingWasLost();
    }

    /** Somebody who was let in later learns nothing of what was sealed under the keys before. */
    @Test
    void whoComesAfterAChangeHasOnlyTheKeysThatFollow() {
        begin(3);
        depart(Departure.LEAVES_SESSION);
        List<Transmission> before = session.network.record();
        work(1);
        session.settle();
        List<Transmission> recorded = List.copyOf(before);
        Session.Node node = session.member();
        Member late = new Member(node, node.joinBarrier(0), node.joinBroadcast(1), new ArrayList<>());
        session.settle();

        assertThat(opened(late, recorded)).isEmpty();
    }
}
