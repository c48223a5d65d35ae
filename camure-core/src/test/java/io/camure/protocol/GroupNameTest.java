package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Groups that have names: they are compared, and a member may join by the name alone. */
class GroupNameTest {

    private final Session session = new Session();

    private ManagedGroup<BarrierRound> barrier(int id, String name) {
        return session.coordinator.create(
                BarrierKind.BARRIER, new GroupLabel(id, name), AUTOMATIC, LossPolicy.CONTINUE);
    }

    private JoinedGroup<BarrierArrival> join(Session.Node node, GroupLabel label) {
        JoinedGroup<BarrierArrival> joined = node.session.join(BarrierKind.BARRIER, label, session.now());
        session.settle();
        return joined;
    }

    @Test
    void whoCallsTheGroupByItsNameOrByNoneGetsIn() {
        barrier(3, "prices");
        barrier(4, "");

        assertThat(join(session.member(), new GroupLabel(3, "prices")).state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(join(session.member(), GroupLabel.of(3)).state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(join(session.member(), new GroupLabel(4, "orders")).state())
                .as("the coordinator has no name for it")
                .isEqualTo(JoinedGroup.State.JOINED);
    }

    @Test
    void whoCallsItByAnotherNameIsRefusedAndBothSidesSayBothNames() {
        ManagedGroup<BarrierRound> group = barrier(3, "prices");
        Session.Node node = session.member();
        session.coordinator.outbox().takeEvents();
        JoinedGroup<BarrierArrival> refused = join(node, new GroupLabel(3, "orders"));

        assertThat(refused.disconnection()).satisfies(why -> {
            assertThat(why.cause()).isEqualTo(Disconnection.Cause.WRONG_GROUP_NAME);
            assertThat(why.detail()).contains("id 3").contains("prices").contains("orders");
        });
        assertThat(group.memberships()).isEmpty();
        assertThat(session.coordinator.counters().dropped(DropReason.WRONG_GROUP_NAME))
                .isOne();
        assertThat(session.coordinator.outbox().takeEvents())
                .containsExactly(new SessionEvent.GroupJoinRefused(
                        3, node.identity(), "it calls the group with the id 3 orders"));
    }

    @Test
    void theTypeThatTheGroupHasIsSaid() {
        barrier(3, "prices");
        JoinedGroup<?> refused =
                session.member().session.join(BroadcastKind.BROADCAST, new GroupLabel(3, "prices"), session.now());
        session.settle();

        assertThat(refused.disconnection()).satisfies(why -> {
            assertThat(why.cause()).isEqualTo(Disconnection.Cause.WRONG_GROUP_TYPE);
            assertThat(why.detail()).contains("is a barrier");
        });
    }

    @Test
    void aGroupIsFoundByItsNameAlone() {
        barrier(0, "orders");
        ManagedGroup<BarrierRound> group = barrier(700, "prices");
        JoinedGroup<BarrierArrival> joined = join(session.member(), GroupLabel.of("prices"));

        assertThat(joined.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(joined.id()).isEqualTo(700);
        assertThat(group.memberCount()).isOne();
        long round = group.work().arrive(session.now());
        joined.work().arrive(session.now());
        session.settle();
        assertThat(joined.work().outcome().round()).isEqualTo(round);
    }

    @Test
    void severalAreFoundAtOnceThoughAnswersGetLost() {
        Session lossy = new Session(new Faults(0.3, 0.1, 50_000, 100_000));
        Session.Node node = lossy.member();
        for (int id = 0; id < 5; id++) {
            lossy.coordinator.create(
                    BarrierKind.BARRIER, new GroupLabel(10 - id, "group " + id), AUTOMATIC, LossPolicy.CONTINUE);
        }
        List<JoinedGroup<BarrierArrival>> joined = IntStream.range(0, 5)
                .mapToObj(i -> node.session.join(BarrierKind.BARRIER, GroupLabel.of("group " + i), lossy.now()))
                .toList();
        // Later, so much loss can cost the node its place in the session.
        for (int i = 0; i < 300 && !joined.stream().allMatch(JoinedGroup::wasJoined); i++) {
            lossy.network.runFor(SECONDS.toNanos(1) / 10);
        }

        assertThat(joined).extracting(JoinedGroup::id).containsExactly(10, 9, 8, 7, 6);
        assertThat(joined)
                .allSatisfy(group -> assertThat(group.state())
                        .as("disconnection %s", group.disconnection())
                        .isEqualTo(JoinedGroup.State.JOINED));
    }

    @Test
    void whoAsksForAGroupThatThereIsNotIsToldWhichThereAre() {
        barrier(0, "orders");
        barrier(7, "files");
        barrier(9, "");
        Session.Node node = session.member();
        JoinedGroup<BarrierArrival> byName = join(node, GroupLabel.of("prices"));
        JoinedGroup<BarrierArrival> byId = join(node, new GroupLabel(5, "prices"));

        assertThat(byName.pending())
                .isEqualTo("the coordinator has no group prices; it has orders (id 0), files (id 7), 9");
        assertThat(byId.pending())
                .startsWith("the coordinator has no group 5, which this node calls prices; it has orders (id 0)");
        barrier(12, "prices");
        session.settle();
        assertThat(byName.state()).as("it may be created meanwhile").isEqualTo(JoinedGroup.State.JOINED);
    }

    @Test
    void whoIsToBeAcceptedIsToldThat() {
        session.coordinator.create(
                BarrierKind.BARRIER, new GroupLabel(3, "prices"), Session.MANUAL, LossPolicy.CONTINUE);
        JoinedGroup<BarrierArrival> waiting = join(session.member(), GroupLabel.of("prices"));

        assertThat(waiting.state()).isEqualTo(JoinedGroup.State.JOINING);
        assertThat(waiting.pending()).contains("has not accepted this one");
    }

    @Test
    void aGroupThatThisNodeIsInAlreadyIsNotJoinedAgainByItsName() {
        ManagedGroup<BarrierRound> group = barrier(3, "prices");
        Session.Node node = session.member();
        JoinedGroup<BarrierArrival> byId = join(node, GroupLabel.of(3));
        JoinedGroup<BarrierArrival> again = join(node, GroupLabel.of("prices"));

        assertThat(again.disconnection()).extracting(Disconnection::cause).isEqualTo(Disconnection.Cause.GROUP_IN_USE);
        assertThat(byId.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(group.memberCount()).isOne();
    }

    @Test
    void whoLeavesBeforeItKnowsTheIdIsOutAtOnceAndMayAskAgain() {
        Session.Node node = session.member();
        JoinedGroup<BarrierArrival> given = join(node, GroupLabel.of("prices"));
        given.leave(session.now());
        assertThat(given.state()).isEqualTo(JoinedGroup.State.OUT);
        node.session.removeGroup(given);
        barrier(3, "prices");

        assertThat(join(node, GroupLabel.of("prices")).state()).isEqualTo(JoinedGroup.State.JOINED);
    }

    @Test
    void aLegacyCoordinatorIsNotAskedByName() {
        LoneMember member = new LoneMember().inLegacySession();

        assertThat(member.session.can(Capability.JOIN_ANSWERS)).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> member.session.join(BarrierKind.BARRIER, GroupLabel.of("prices"), 0));
        assertThat(member.sent()).isEmpty();
    }

    @Test
    void noEarlierBuildTakesAJoinByNameForOneById() {
        LoneMember member = new LoneMember().inSession();
        member.session.join(BarrierKind.BARRIER, GroupLabel.of("prices"), 0);

        assertThat(member.sent()).singleElement().satisfies(join -> {
            assertThat(join.type()).isEqualTo(ChunkType.GROUP_JOIN);
            assertThat(join.asksByName()).isTrue();
            assertThat(join.extension().groupName()).isEqualTo("prices");
        });
        byte[] bytes = {10, 0, 0, (byte) 0x81};
        assertThat(new ChunkReader().read(ByteBuffer.wrap(bytes)))
                .as("the type is none of 0.1's, and there is no name")
                .isEqualTo(DropReason.BAD_FIELD);
    }

    @Test
    void aMemberOfAnEarlierBuildIsServedAndNotTold() {
        ManagedGroup<BroadcastSending> group = session.coordinator.create(
                BroadcastKind.BROADCAST, new GroupLabel(1, "prices"), AUTOMATIC, SlowMemberPolicy.WAIT);
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        // Versions, five capabilities, an incarnation and a membership.
        String offer = "010202020204" + "0000001f" + "0408000000000000002a" + "0604" + "0000002b";
        for (String join : List.of("0a000100" + offer, "0a000200" + offer)) {
            session.coordinator.onDatagram(
                    new InetSocketAddress("10.0.0.9", 9),
                    ByteBuffer.wrap(HexFormat.of().parseHex(join)),
                    session.now());
        }
        session.network.runFor(SECONDS.toNanos(1) / 2);

        assertThat(group.memberships()).hasSize(1);
        assertThat(sent)
                .filteredOn(one -> one.source().equals(COORDINATOR))
                .extracting(SimulatedNetwork.Transmission::type)
                .contains(ChunkType.GROUP_WELCOME)
                .doesNotContain(ChunkType.GROUP_PENDING);
    }
}
