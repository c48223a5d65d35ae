package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.collective.CollectiveArrival;
import io.camure.protocol.collective.CollectiveKind;
import io.camure.protocol.collective.CollectiveRound;
import io.camure.protocol.collective.CollectiveSettings;
import io.camure.protocol.collective.Computation;
import io.camure.protocol.collective.Reduction;
import io.camure.protocol.collective.RoundResult;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.round.RoundBreak;
import io.camure.protocol.round.RoundOutcome;
import io.camure.protocol.security.Secret;
import io.camure.wire.ChunkType;
import io.camure.wire.CollectiveOperation;
import io.camure.wire.GroupDelivery;
import io.camure.wire.NodeIdentity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who takes part in a round of a collective, what it costs, and what becomes of it when datagrams and nodes get lost. */
class CollectiveRoundTest {

    private static final int ID = 3;
    private static final byte[] NOTHING = {};
    private static final NodeIdentity HUB = new NodeIdentity("coordinator", COORDINATOR, 1);

    private Session session = new Session();
    private final List<Session.Node> nodes = new ArrayList<>();
    private final List<JoinedGroup<CollectiveArrival>> joined = new ArrayList<>();
    private CollectiveSettings settings;
    private ManagedGroup<CollectiveRound> group;

    private static CollectiveSettings sums(LossPolicy lossPolicy) {
        return new CollectiveSettings(
                lossPolicy, "long", "sum", Reduction.of("sum", "long"), false, 1 << 20, SECONDS.toNanos(60));
    }

    private void create(CollectiveSettings with, int members) {
        settings = with;
        group = session.coordinator.create(CollectiveKind.COLLECTIVE, ID, AUTOMATIC, settings);
        group.work().setCoordinator(HUB);
        for (int i = 0; i < members; i++) {
            add();
        }
    }

    private void add() {
        Session.Node node = session.member();
        nodes.add(node);
        joined.add(node.session.join(CollectiveKind.COLLECTIVE, ID, session.now()));
        session.network.runUntil(
                session.now() + SECONDS.toNanos(60),
                () -> joined.get(joined.size() - 1).state() == JoinedGroup.State.JOINED);
        session.settle();
    }

    private static byte[] encoded(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private byte[] call(CollectiveOperation operation) {
        return settings.call(operation, 0);
    }

    private void arriveAtCoordinator(long value) {
        group.work().arrive(call(CollectiveOperation.ALL_REDUCE), encoded(value), true, session.now());
    }

    private void arriveAtMember(int member, long value) {
        joined.get(member).work().arrive(call(CollectiveOperation.ALL_REDUCE), encoded(value), true, session.now());
    }

    private static long value(RoundResult result) {
        return ByteBuffer.wrap(result.bytes().array(), 0, result.bytes().length())
                .getLong();
    }

    private void assertSum(long round, long sum, NodeIdentity... participants) {
        RoundOutcome outcome = group.work().outcome();
        assertThat(outcome.broken()).isNull();
        assertThat(outcome.round()).isEqualTo(round);
        assertThat(outcome.participants()).isEqualTo(participants.length);
        assertThat(value(group.work().result())).isEqualTo(sum);
        assertThat(group.work().result().rank()).isZero();
        assertThat(group.work().result().participants()).containsExactly(participants);
        for (int i = 0; i < joined.size(); i++) {
            CollectiveArrival member = joined.get(i).work();
            assertThat(member.outcome().round()).isEqualTo(round);
            assertThat(member.outcome().broken()).isNull();
            assertThat(value(member.result())).isEqualTo(sum);
            assertThat(member.result().participants())
                    .extracting(NodeIdentity::address)
                    .containsExactlyElementsOf(List.of(participants).stream()
                            .map(NodeIdentity::address)
                            .toList());
            assertThat(member.result().participants().get(member.result().rank()))
                    .isEqualTo(nodes.get(i).identity());
        }
    }

    private void lose(int member) {
        session.network.kill(nodes.get(member).address);
        nodes.remove(member);
        joined.remove(member);
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(2));
    }

    private NodeIdentity node(int member) {
        return nodes.get(member).identity();
    }

    @Test
    void aRoundCostsADatagramForEachMemberAndOneForAll() {
        create(sums(LossPolicy.CONTINUE), 4);
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 4; i++) {
                arriveAtMember(i, i);
            }
            arriveAtCoordinator(round);
            session.network.runFor(SECONDS.toNanos(1) / 1000);
            assertSum(round, round + 6, HUB, node(0), node(1), node(2), node(3));
        }

        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.COLLECTIVE_REACHED)
                .hasSize(400);
        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.COLLECTIVE_RELEASED)
                .hasSize(100);
        assertThat(sent)
                .as("who takes part is told once")
                .filteredOn(one -> one.type() == ChunkType.COLLECTIVE_ROSTER)
                .hasSize(1);
        assertThat(sent).filteredOn(one -> one.type() == ChunkType.GROUP_ACK).isEmpty();
    }

    @Test
    void whoHasArrivedAndIsLostThenCountsAndIsNamed() {
        create(sums(LossPolicy.CONTINUE), 3);
        arriveAtMember(0, 1);
        arriveAtMember(1, 10);
        NodeIdentity lost = node(1);
        session.settle();
        lose(1);
        arriveAtMember(1, 100);
        arriveAtCoordinator(1000);
        session.settle();

        assertSum(0, 1111, HUB, node(0), lost, node(1));
        assertThat(group.work().outcome().lostMembers()).containsExactly(lost);
        arriveAtMember(0, 1);
        arriveAtMember(1, 2);
        arriveAtCoordinator(3);
        session.settle();
        assertSum(1, 6, HUB, node(0), node(1));
        assertThat(group.work().outcome().lostMembers()).isEmpty();
    }

    @Test
    void whoIsLostBeforeItArrivesTakesNoPart() {
        create(sums(LossPolicy.CONTINUE), 2);
        arriveAtMember(0, 1);
        arriveAtCoordinator(2);
        NodeIdentity lost = node(1);
        lose(1);

        assertSum(0, 3, HUB, node(0));
        assertThat(group.work().outcome().lostMembers()).containsExactly(lost);
    }

    @Test
    void theLossOfAMemberBreaksTheRoundWhereThatIsWanted() {
        create(sums(LossPolicy.BREAK), 2);
        arriveAtMember(0, 1);
        arriveAtMember(1, 2);
        session.settle();
        NodeIdentity lost = node(1);
        lose(1);
        arriveAtCoordinator(4);
        session.settle();

        for (RoundOutcome outcome :
                List.of(group.work().outcome(), joined.get(0).work().outcome())) {
            assertThat(outcome.broken()).isNotNull();
            assertThat(outcome.broken().cause()).isEqualTo(RoundBreak.Cause.MEMBER_LOST);
            assertThat(outcome.broken().nodes()).containsExactly(lost);
        }
    }

    @Test
    void aNodeThatComesBackWithinARoundCountsOnce() {
        create(sums(LossPolicy.CONTINUE), 2);
        arriveAtMember(0, 1);
        session.settle();
        joined.get(0).leave(session.now());
        session.settle();
        nodes.get(0).session.removeGroup(joined.get(0));
        joined.set(0, nodes.get(0).session.join(CollectiveKind.COLLECTIVE, ID, session.now()));
        session.settle();
        arriveAtMember(0, 10);
        arriveAtMember(1, 100);
        arriveAtCoordinator(1000);
        session.settle();

        assertSum(0, 1110, HUB, node(1), node(0));
    }

    @ParameterizedTest
    @EnumSource(
            value = ChunkType.class,
            names = {"COLLECTIVE_REACHED", "COLLECTIVE_RELEASED", "COLLECTIVE_ROSTER"})
    void whatGetsLostIsRepeated(ChunkType lost) {
        create(sums(LossPolicy.CONTINUE), 5);
        int[] left = {3};
        session.network.dropIf((source, destination, chunk) -> chunk.type() == lost && left[0]-- > 0);
        passRound();

        assertThat(left[0]).isLessThan(1);
        assertSum(0, 6, HUB, node(0), node(1), node(2), node(3), node(4));
    }

    @Test
    void aLatePageOfAnEarlierRosterChangesNothing() {
        create(sums(LossPolicy.CONTINUE), 1);
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        passRound();
        byte[] page = sent.stream()
                .filter(one -> one.type() == ChunkType.COLLECTIVE_ROSTER)
                .findFirst()
                .orElseThrow()
                .bytes();
        add();
        passRound();
        assertSum(1, 3, HUB, node(0), node(1));
        arriveAtMember(0, 1);
        session.settle();
        nodes.get(0).session.onDatagram(COORDINATOR, ByteBuffer.wrap(page), session.now());
        arriveAtMember(1, 1);
        arriveAtCoordinator(1);
        session.settle();

        assertSum(2, 3, HUB, node(0), node(1));
    }

    private void passRound() {
        for (int i = 0; i < joined.size(); i++) {
            arriveAtMember(i, 1);
        }
        arriveAtCoordinator(1);
        session.settle();
    }

    @Test
    void aRosterOfManyIsToldInPages() {
        create(sums(LossPolicy.CONTINUE), 40);
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        NodeIdentity[] all = new NodeIdentity[41];
        all[0] = HUB;
        for (int i = 0; i < 40; i++) {
            all[i + 1] = node(i);
        }
        passRound();

        assertSum(0, 41, all);
        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.COLLECTIVE_ROSTER)
                .hasSizeBetween(2, 40)
                .allSatisfy(page -> assertThat(page.bytes().length).isLessThanOrEqualTo(Session.CHUNK_BYTES));
    }

    @Test
    void aSealedSessionHasThemToo() {
        session = new Session(GroupDelivery.MULTICAST, List.of(new Secret(new byte[Secret.SHORTEST_BYTES])));
        create(sums(LossPolicy.CONTINUE), 3);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 3; i++) {
                arriveAtMember(i, i);
            }
            arriveAtCoordinator(round);
            session.network.runFor(SECONDS.toNanos(1) / 1000);
            assertSum(round, round + 3, HUB, node(0), node(1), node(2));
        }
    }

    @Test
    void whatIsComputedByTheApplicationIsWaitedForAndNotForEver() {
        create(new CollectiveSettings(LossPolicy.BREAK, "long", "own", null, false, 1 << 20, SECONDS.toNanos(60)), 2);
        arriveAtMember(0, 1);
        arriveAtMember(1, 2);
        arriveAtCoordinator(3);
        session.settle();
        Computation computation = group.work().takeComputation();
        assertThat(computation.values()).containsExactly(encoded(3), encoded(1), encoded(2));
        assertThat(group.work().takeComputation()).isNull();
        NodeIdentity lost = node(1);
        lose(1);
        assertThat(group.work().outcome().round()).isEqualTo(-1);

        group.work().onComputed(0, encoded(66), session.now());
        session.settle();
        assertSum(0, 66, HUB, node(0), lost);
        assertThat(group.work().outcome().lostMembers()).containsExactly(lost);

        passRound();
        group.work().onComputed(0, encoded(67), session.now());
        assertThat(group.work().outcome().round())
                .as("a result of another round")
                .isZero();
        session.network.runFor(SECONDS.toNanos(60));
        for (RoundOutcome outcome :
                List.of(group.work().outcome(), joined.get(0).work().outcome())) {
            assertThat(outcome.round()).isOne();
            assertThat(outcome.broken().cause()).isEqualTo(RoundBreak.Cause.FAILED);
            assertThat(outcome.broken().detail()).contains("1m");
        }
    }

    @Test
    void aMemberThatCallsSomethingElseBreaksTheRoundForAll() {
        create(sums(LossPolicy.CONTINUE), 2);
        arriveAtMember(0, 1);
        joined.get(1).work().arrive(call(CollectiveOperation.ALL_GATHER), NOTHING, true, session.now());
        arriveAtCoordinator(1);
        session.settle();

        RoundBreak broken = group.work().outcome().broken();
        assertThat(broken.cause()).isEqualTo(RoundBreak.Cause.MISMATCH);
        assertThat(broken.nodes()).containsExactly(HUB, node(1), node(0));
        assertThat(broken.calls())
                .containsExactly("allReduce(sum of long)", "allGather(long)", "allReduce(sum of long)");
        for (JoinedGroup<CollectiveArrival> member : joined) {
            RoundBreak told = member.work().outcome().broken();
            assertThat(told.calls()).isEqualTo(broken.calls());
            assertThat(told.nodes().subList(1, 3)).isEqualTo(broken.nodes().subList(1, 3));
        }
    }
}
