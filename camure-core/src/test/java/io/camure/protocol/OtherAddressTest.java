package io.camure.protocol;

import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.wire.AddressList;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A coordinator that answers from another address than the one that was asked, and group traffic from one more. */
class OtherAddressTest {

    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("10.9.0.1", 7400);
    private static final InetSocketAddress GROUP_SOURCE = new InetSocketAddress("10.9.0.2", 7400);
    private static final InetSocketAddress STRANGER = new InetSocketAddress("10.66.6.6", 7400);
    private static final int EPOCH = 5;

    private final LoneMember member = new LoneMember();

    private long echo() {
        return member.session.incarnation();
    }

    private void welcome(InetSocketAddress source, long echo, long coordinatorIncarnation) {
        member.receive(source, chunk -> {
            ChunkWriter.sessionWelcome(
                    chunk, SimulatedNetwork.MULTICAST, Session.CHUNK_BYTES, LoneMember.HEARTBEAT_NANOS);
            Extension.offer(EarlierBuild.CAPABILITIES, 64, 1 << 20, coordinatorIncarnation)
                    .withMemberId(LoneMember.ID)
                    .withEcho(echo)
                    .write(chunk);
            ChunkWriter.groupSources(chunk, List.of(GROUP_SOURCE));
        });
    }

    private JoinedGroup<BarrierArrival> inBarrier() {
        JoinedGroup<BarrierArrival> group = member.session.join(BarrierKind.BARRIER, 3, member.nowNanos);
        member.receive(chunk -> ChunkWriter.groupWelcome(chunk, 3, 0, EPOCH, LoneMember.ID, group.membership()));
        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINED);
        return group;
    }

    private long foreign() {
        return member.session.counters().dropped(DropReason.FOREIGN_SOURCE);
    }

    private List<SessionEvent> events() {
        return member.session.outbox().takeEvents();
    }

    @Test
    void whoEchoesThisNodesIncarnationIsBelievedWhereverItIs() {
        welcome(ELSEWHERE, echo(), 7);

        assertThat(member.session.isJoined()).isTrue();
        assertThat(foreign()).isZero();
        assertThat(events()).contains(new SessionEvent.AnsweredElsewhere(ELSEWHERE));
        // What follows need not echo anything; it is told of once; and it is the address as before that is asked.
        inBarrier();
        member.receive(ELSEWHERE, chunk -> ChunkWriter.groupDisconnected(chunk, 3, "timeout", 0));
        assertThat(foreign()).isZero();
        assertThat(member.session.loss()).isNull();
        assertThat(events()).doesNotHaveAnyElementsOfTypes(SessionEvent.AnsweredElsewhere.class);
        assertThat(member.sent()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1})
    void whoDoesNotIsNot(long difference) {
        welcome(ELSEWHERE, difference == 0 ? 0 : echo() + difference, 7);

        assertThat(member.session.isJoined()).isFalse();
        assertThat(member.session.stranger()).isEqualTo(ELSEWHERE);
        assertThat(foreign()).isOne();
    }

    @Test
    void itsGroupTrafficIsTakenFromWhereItSaysAndNothingElse() {
        welcome(COORDINATOR, echo(), 7);
        JoinedGroup<BarrierArrival> group = inBarrier();
        member.session.outbox().takeEvents();

        member.receive(GROUP_SOURCE, chunk -> ChunkWriter.multicastProbe(chunk, 1));
        assertThat(foreign()).isZero();
        member.receive(GROUP_SOURCE, chunk -> ChunkWriter.barrierReleased(chunk, 3, 0, 2, EPOCH + 1, 0));
        assertThat(foreign()).as("of another epoch").isOne();
        member.receive(GROUP_SOURCE, chunk -> ChunkWriter.groupDisconnected(chunk, 3, "timeout", 0));
        welcome(GROUP_SOURCE, 0, 8);
        assertThat(foreign()).as("not group traffic").isEqualTo(3);
        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(member.session.loss()).isNull();
    }

    @Test
    void groupTrafficFromAnywhereElseIsNotTakenButToldOfOnce() {
        welcome(COORDINATOR, echo(), 7L << 32 | 1);
        events();
        for (int i = 0; i < 3; i++) {
            member.receive(STRANGER, chunk -> ChunkWriter.multicastProbe(chunk, 8));
        }
        assertThat(foreign()).isEqualTo(3);
        assertThat(events()).containsExactly(new SessionEvent.UnnamedGroupSource(STRANGER));

        member.receive(ELSEWHERE, chunk -> ChunkWriter.multicastProbe(chunk, 1 << 24));
        assertThat(events()).as("a probe of another session").isEmpty();
    }

    /** Such as another instance of what a Service stands for. */
    @Test
    void anotherCoordinatorThatAnswersInItsPlaceEndsTheSession() {
        welcome(COORDINATOR, echo(), 7);
        welcome(ELSEWHERE, echo(), 8);

        assertThat(member.session.loss()).isNotNull();
        assertThat(member.session.loss().cause()).isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
    }

    @Test
    void aRefusalIsBelievedLikewise() {
        for (InetSocketAddress source : List.of(STRANGER, ELSEWHERE)) {
            member.receive(source, chunk -> {
                ChunkWriter.session(chunk, ChunkType.SESSION_REFUSED);
                Extension.offer(0, 64, 0, 7)
                        .withSessionName("other")
                        .withEcho(source == ELSEWHERE ? echo() : 1)
                        .write(chunk);
            });
        }
        assertThat(foreign()).isOne();
        assertThat(member.session.loss().cause()).isEqualTo(Disconnection.Cause.OTHER_SESSION);
    }

    @Test
    void thereIsALimitToHowManyAreBelieved() {
        welcome(COORDINATOR, echo(), 7);
        for (int i = 0; i < 100; i++) {
            welcome(new InetSocketAddress("10.9.1." + i, 7400), echo(), 7);
        }
        InetSocketAddress first = new InetSocketAddress("10.9.1.0", 7400);
        member.receive(first, chunk -> ChunkWriter.multicastProbe(chunk, 1));
        assertThat(foreign()).isOne();
        member.receive(new InetSocketAddress("10.9.1.99", 7400), chunk -> ChunkWriter.multicastProbe(chunk, 1));
        member.receive(COORDINATOR, chunk -> ChunkWriter.multicastProbe(chunk, 1));
        assertThat(foreign()).isOne();
    }

    private static CoordinatorSession coordinator(List<InetSocketAddress> sources) {
        SessionSettings settings = new SessionSettings(
                SimulatedNetwork.MULTICAST,
                PathSizes.given(1472),
                SECONDS.toNanos(1),
                SECONDS.toNanos(5),
                0,
                1,
                64,
                1 << 20,
                "gate",
                GroupDelivery.MULTICAST,
                true);
        return new CoordinatorSession(settings, "", sources, 0, new Random(1), DatagramCodec.PLAIN);
    }

    private static ChunkReader answer(CoordinatorSession coordinator, int host, Extension offer) {
        ByteBuffer join = ByteBuffer.allocate(1000);
        ChunkWriter.session(join, ChunkType.SESSION_JOIN);
        offer.write(join);
        List<ChunkReader> answers = new ArrayList<>();
        coordinator.onDatagram(new InetSocketAddress("10.0.0." + host, 9000), join.flip(), 0);
        coordinator.outbox().transmit((datagrams, datagramBytes, destination) -> {
            byte[] bytes = new byte[datagrams.remaining()];
            datagrams.get(bytes);
            ChunkReader chunk = new ChunkReader();
            assertThat(chunk.read(ByteBuffer.wrap(bytes))).isNull();
            answers.add(chunk);
        });
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    @Test
    void theCoordinatorEchoesWhomItAnswersAndNamesItsAddresses() {
        CoordinatorSession coordinator = coordinator(List.of(GROUP_SOURCE, ELSEWHERE));
        ChunkReader welcome = answer(coordinator, 2, Extension.offer(EarlierBuild.CAPABILITIES, 64, 0, 4711));
        assertThat(welcome.type()).isEqualTo(ChunkType.SESSION_WELCOME);
        assertThat(welcome.extension().echo()).isEqualTo(4711);
        assertThat(AddressList.of(welcome)).containsExactly(GROUP_SOURCE, ELSEWHERE);

        ChunkReader full = answer(coordinator, 3, Extension.offer(EarlierBuild.CAPABILITIES, 64, 0, 4712));
        assertThat(full.type()).isEqualTo(ChunkType.SESSION_REFUSED);
        assertThat(full.extension().echo()).isEqualTo(4712);

        Extension other =
                Extension.offer(EarlierBuild.CAPABILITIES, 64, 0, 4713).withSessionName("other");
        assertThat(answer(coordinator, 4, other).extension().echo()).isEqualTo(4713);
    }

    /** Group traffic that reaches a round's members although none of it comes from where they have asked. */
    @Test
    void aRoundIsReleasedFromAnAddressThatTheWelcomeNames() {
        welcome(COORDINATOR, echo(), 7);
        JoinedGroup<BarrierArrival> group = inBarrier();
        assertThat(group.work().arrive(member.nowNanos)).isZero();
        member.receive(GROUP_SOURCE, chunk -> ChunkWriter.barrierReleased(chunk, 3, 0, 2, EPOCH, 0));

        assertThat(foreign()).isZero();
        assertThat(group.work().arrive(member.nowNanos)).isOne();
    }
}
