package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of different names on one network do not mix. */
class SessionNameTest {

    private static final SessionSettings SETTINGS = new SessionSettings(
            SimulatedNetwork.MULTICAST,
            PathSizes.given(1472),
            SECONDS.toNanos(1),
            SECONDS.toNanos(5),
            0,
            10,
            64,
            1 << 20,
            "gate",
            GroupDelivery.MULTICAST,
            true);
    private static final InetSocketAddress MEMBER = new InetSocketAddress("10.0.0.2", 9000);
    private static final InetSocketAddress OTHER = new InetSocketAddress("10.0.0.3", 9000);

    private final SimulatedNetwork network = new SimulatedNetwork(new SplittableRandom(1), Faults.NONE);
    private final List<SessionEvent> told = new ArrayList<>();

    private CoordinatorSession coordinator(String name) {
        return coordinator(name, 1);
    }

    private CoordinatorSession coordinator(String name, long seed) {
        CoordinatorSession coordinator = new CoordinatorSession(SETTINGS, name, new Random(seed), DatagramCodec.PLAIN);
        network.add(COORDINATOR, coordinator);
        return coordinator;
    }

    private MemberSession member(InetSocketAddress address, String sessionName) {
        MemberSession member = new MemberSession(
                new MemberSettings(COORDINATOR, SECONDS.toNanos(5), 128, 1 << 20, "orders", sessionName),
                new Random(address.hashCode()));
        network.add(address, member);
        network.receiveMulticast(address);
        member.join(network.nowNanos());
        return member;
    }

    private static ByteBuffer written(Consumer<ByteBuffer> writer) {
        ByteBuffer datagram = ByteBuffer.allocate(1000);
        writer.accept(datagram);
        return datagram.flip();
    }

    private void watch() {
        network.setWatcher(new SimulatedNetwork.Watcher() {
            @Override
            public void onSent(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {}

            @Override
            public void onReceived(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {}

            @Override
            public void onEvents(InetSocketAddress node, List<SessionEvent> events) {
                told.addAll(events);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "staging", "Größe ß", "0123456789012345678901234567890123456789012345678901234567890123"})
    void nodesOfOneNameMeet(String name) {
        CoordinatorSession coordinator = coordinator(name);
        MemberSession member = member(MEMBER, name);
        network.runFor(SECONDS.toNanos(30));

        assertThat(member.isJoined()).isTrue();
        assertThat(member.loss()).isNull();
        assertThat(coordinator.peerCount()).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "staging, production, the session \"staging\", the session \"production\"",
        "staging, '', the session \"staging\", a session without a name",
        "'', production, a session without a name, the session \"production\""
    })
    void nodesOfDifferentNamesDoNot(String there, String here, String itsSession, String ourSession) {
        watch();
        CoordinatorSession coordinator = coordinator(there);
        MemberSession member = member(MEMBER, here);
        network.runFor(SECONDS.toNanos(1));

        assertThat(coordinator.peerCount()).isZero();
        assertThat(coordinator.counters().dropped(DropReason.OTHER_SESSION)).isOne();
        assertThat(member.isJoined()).isFalse();
        assertThat(member.loss()).satisfies(loss -> {
            assertThat(loss.cause()).isEqualTo(Disconnection.Cause.OTHER_SESSION);
            assertThat(loss.detail())
                    .contains("gate (10.0.0.1:")
                    .contains("is in " + itsSession)
                    .contains("to be in " + ourSession)
                    .contains("camure.session-name");
        });
        assertThat(member.nextDeadlineNanos()).as("it does not ask again").isEqualTo(RetryTimer.NEVER);
        assertThat(told)
                .contains(new SessionEvent.JoinRefused(new NodeIdentity("orders", MEMBER, member.incarnation()), here));
    }

    @Test
    void theCoordinatorTellsOfRefusedNodesOnceAMinute() {
        watch();
        CoordinatorSession coordinator = coordinator("staging");
        for (int i = 0; i < 100; i++) {
            member(MEMBER, "production");
            network.runFor(SECONDS.toNanos(1));
        }

        assertThat(coordinator.counters().dropped(DropReason.OTHER_SESSION)).isEqualTo(100);
        assertThat(told).filteredOn(SessionEvent.JoinRefused.class::isInstance).hasSize(2);
    }

    /** It may be in no session any more when it asks for a group. */
    @Test
    void theJoinOfAGroupIsNoWayIn() {
        CoordinatorSession coordinator = coordinator("staging");
        coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        List<SimulatedNetwork.Transmission> sent = network.record();
        coordinator.onDatagram(
                OTHER,
                written(chunk -> {
                    ChunkWriter.groupJoin(chunk, 0, GroupType.BARRIER);
                    Extension.offer(0, 64, 1 << 20, 77).withMembership(5).write(chunk);
                }),
                network.nowNanos());
        network.runFor(0);

        assertThat(sent).extracting(SimulatedNetwork.Transmission::type).containsExactly(ChunkType.SESSION_REFUSED);
        assertThat(coordinator.peerCount()).isZero();
    }

    @Test
    void legacyPeersCanNotSayAndAreLetIn() {
        CoordinatorSession coordinator = coordinator("staging");
        coordinator.onDatagram(OTHER, ByteBuffer.wrap(new byte[] {0}), network.nowNanos());
        assertThat(coordinator.peerCount()).isOne();

        MemberSession member = member(MEMBER, "production");
        member.onDatagram(
                COORDINATOR,
                written(chunk ->
                        ChunkWriter.sessionWelcome(chunk, SimulatedNetwork.MULTICAST, 508, SECONDS.toNanos(1))),
                network.nowNanos());
        assertThat(member.isJoined()).isTrue();
    }

    /** An earlier build welcomes everybody, and passes over what it does not know. */
    @Test
    void aCoordinatorThatSaysNoNameAndWelcomesNevertheless() {
        CoordinatorSession earlier = coordinator("");
        MemberSession unnamed = member(OTHER, "");
        network.runFor(SECONDS.toNanos(1));
        assertThat(unnamed.isJoined()).isTrue();

        MemberSession member = member(MEMBER, "production");
        member.onDatagram(
                COORDINATOR,
                written(chunk -> {
                    ChunkWriter.sessionWelcome(chunk, SimulatedNetwork.MULTICAST, 1472, SECONDS.toNanos(1));
                    Extension.offer(0, 64, 1 << 20, earlier.incarnation())
                            .withMemberId(9)
                            .write(chunk);
                }),
                network.nowNanos());
        assertThat(member.isJoined()).isFalse();
        assertThat(member.loss().cause()).isEqualTo(Disconnection.Cause.OTHER_SESSION);
    }

    @Test
    void aMemberThatIsInNoticesACoordinatorOfAnotherNameAtOnce() {
        coordinator("staging");
        MemberSession member = member(MEMBER, "staging");
        network.runFor(SECONDS.toNanos(3));
        assertThat(member.isJoined()).isTrue();

        coordinator("production", 2);
        network.runFor(SECONDS.toNanos(2));

        assertThat(member.loss().cause()).isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
        assertThat(member.loss().detail()).contains("\"production\"");
    }

    @Test
    void aWelcomeFromElsewhereIsNotTakenButRemembered() {
        MemberSession member = member(MEMBER, "");
        member.onDatagram(
                OTHER,
                written(chunk ->
                        ChunkWriter.sessionWelcome(chunk, SimulatedNetwork.MULTICAST, 508, SECONDS.toNanos(1))),
                network.nowNanos());
        member.onDatagram(MEMBER, ByteBuffer.wrap(new byte[] {1, 2}), network.nowNanos());

        assertThat(member.isJoined()).isFalse();
        assertThat(member.stranger()).isEqualTo(OTHER);
        assertThat(member.counters().dropped(DropReason.FOREIGN_SOURCE)).isEqualTo(2);
    }
}
