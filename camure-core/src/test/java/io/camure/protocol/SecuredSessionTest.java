package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.JoinObstacle;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import io.camure.wire.HandshakeChunk;
import io.camure.wire.SealedHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A session whose nodes share a secret: all works as in clear, and nobody else reads or changes anything. */
class SecuredSessionTest {

    private static final Secret SECRET = secret(1);
    private static final Secret OLD_SECRET = secret(2);
    private static final String PATTERN = "a pattern that nobody else may see";

    private final Session session = new Session(GroupDelivery.MULTICAST, List.of(SECRET, OLD_SECRET));

    private static Secret secret(int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        return new Secret(bytes);
    }

    private static ManagedGroup<BarrierRound> barrier(Session session) {
        return session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
    }

    private static ManagedGroup<BroadcastSending> broadcast(Session session, int id) {
        return session.coordinator.create(BroadcastKind.BROADCAST, id, AUTOMATIC, SlowMemberPolicy.WAIT);
    }

    private void write(ManagedGroup<BroadcastSending> group, String message) {
        ByteBuffer payload = ByteBuffer.wrap(message.getBytes(StandardCharsets.US_ASCII));
        group.work().window().write(ChunkType.BROADCAST_MESSAGE, payload, session.now());
    }

    @ParameterizedTest
    @EnumSource(GroupDelivery.class)
    void allIsDoneAndNothingIsSaidInClear(GroupDelivery delivery) {
        Session sealed = new Session(delivery, List.of(SECRET));
        List<Transmission> sent = sealed.network.record();
        ManagedGroup<BarrierRound> rounds = barrier(sealed);
        ManagedGroup<BroadcastSending> messages = broadcast(sealed, 1);
        Session.Node member = sealed.member();
        JoinedGroup<BarrierArrival> arrivals = member.joinBarrier(0);
        JoinedGroup<BroadcastReceiving> received = member.joinBroadcast(1);
        sealed.settle();
        arrivals.work().arrive(sealed.now());
        rounds.work().arrive(sealed.now());
        ByteBuffer payload = ByteBuffer.wrap(PATTERN.getBytes(StandardCharsets.US_ASCII));
        messages.work().window().write(ChunkType.BROADCAST_MESSAGE, payload, sealed.now());
        sealed.settle();

        assertThat(arrivals.work().outcome().round()).isZero();
        assertThat(Session.readChunk(received)).isEqualTo(payload.array());
        for (Transmission one : sent) {
            ByteBuffer datagram = ByteBuffer.wrap(one.bytes());
            assertThat(SealedHeader.isIn(datagram)
                            || HandshakeChunk.isJoin(datagram)
                            || HandshakeChunk.isWelcome(datagram))
                    .isTrue();
            assertThat(new String(one.bytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain(PATTERN.substring(0, 9))
                    .doesNotContain("member")
                    .doesNotContain("coordinator");
            assertThat(one.bytes()).hasSizeLessThanOrEqualTo(Session.CHUNK_BYTES);
        }
    }

    @Test
    void anIdleSessionSaysNoMoreThanOneInClear() {
        assertThat(datagramsOfAnIdleMinute(List.of(SECRET))).isEqualTo(datagramsOfAnIdleMinute(List.of()));
    }

    private static int datagramsOfAnIdleMinute(List<Secret> secrets) {
        Session idle = new Session(GroupDelivery.AUTO, PathSizes.given(1472), secrets);
        barrier(idle);
        idle.member().joinBarrier(0);
        idle.network.runFor(SECONDS.toNanos(10));
        List<Transmission> sent = idle.network.record();
        idle.network.runFor(MINUTES.toNanos(1));
        return sent.size();
    }

    @Test
    void whoHasAnotherSecretIsNotAnswered() {
        List<Transmission> sent = session.network.record();
        Session.Node stranger = session.asking(secret(3));
        session.settle();

        assertThat(stranger.session.isJoined()).isFalse();
        assertThat(sent).isNotEmpty().noneMatch(one -> one.source().equals(COORDINATOR));
        assertThat(session.coordinator.peerCount()).isZero();
        assertThat(session.coordinator.counters().dropped(DropReason.UNAUTHENTICATED))
                .isEqualTo(sent.size());
    }

    @Test
    void eachSecretThatIsAcceptedLetsIn() {
        Session.Node other = session.asking(OLD_SECRET);
        Session.Node member = session.member();
        session.settle();

        assertThat(other.session.isJoined()).isTrue();
        assertThat(member.session.isJoined()).isTrue();
    }

    @Test
    void whoSpeaksInClearIsNotLetInAndLearnsWhy() {
        List<Transmission> sent = session.network.record();
        Session.Node member = session.asking(null);
        session.settle();

        assertThat(member.session.isJoined()).isFalse();
        assertThat(member.session.obstacle()).isEqualTo(JoinObstacle.SECURED_ONLY);
        assertThat(session.coordinator.peerCount()).isZero();
        assertThat(session.coordinator.counters().dropped(DropReason.UNSECURED)).isPositive();
        assertThat(sent)
                .filteredOn(one -> one.source().equals(COORDINATOR))
                .allSatisfy(one -> assertThat(one.bytes()).hasSize(1));
    }

    @Test
    void aSecuredMemberBelievesNothingInClear() {
        Session clear = new Session(GroupDelivery.MULTICAST, List.of());
        Session.Node member = clear.asking(SECRET);
        clear.settle();
        ByteBuffer welcome = ByteBuffer.allocate(100);
        ChunkWriter.sessionWelcome(welcome, SimulatedNetwork.MULTICAST, 508, SECONDS.toNanos(1));
        ByteBuffer refusal = ByteBuffer.allocate(100);
        ChunkWriter.session(refusal, ChunkType.SESSION_REFUSED);
        member.session.onDatagram(COORDINATOR, welcome.flip(), clear.now());
        member.session.onDatagram(COORDINATOR, refusal.flip(), clear.now());
        clear.settle();

        assertThat(member.session.isJoined()).isFalse();
        assertThat(member.session.loss()).isNull();
        assertThat(member.session.counters().dropped(DropReason.UNSECURED)).isEqualTo(2);
        assertThat(clear.coordinator.peerCount()).as("a seat that nobody takes").isZero();
    }

    @Test
    void aJoinIsAnsweredByNoMoreBytesThanItHas() {
        List<Transmission> sent = session.network.record();
        session.member();

        assertThat(sent.get(0).bytes().length)
                .isGreaterThanOrEqualTo(sent.get(1).bytes().length);
    }

    @Test
    void aRecordedJoinTakesNoSeat() {
        List<Transmission> sent = session.network.record();
        session.member();
        byte[] join = sent.get(0).bytes();
        session.startCoordinator(2);
        session.coordinator.onDatagram(sent.get(0).source(), ByteBuffer.wrap(join), session.now());

        assertThat(session.coordinator.peerCount()).isZero();
        assertThat(session.coordinator.outbox().hasEvents()).isFalse();
    }

    @Test
    void whatWasRecordedChangesNothing() {
        List<Transmission> sent = session.network.record();
        ManagedGroup<BarrierRound> rounds = barrier(session);
        ManagedGroup<BroadcastSending> messages = broadcast(session, 1);
        Session.Node member = session.member();
        JoinedGroup<BarrierArrival> arrivals = member.joinBarrier(0);
        JoinedGroup<BroadcastReceiving> received = member.joinBroadcast(1);
        session.settle();
        arrivals.work().arrive(session.now());
        write(messages, PATTERN);
        session.settle();
        List<Transmission> recorded = List.copyOf(sent);
        replay(recorded, member);

        long atCoordinator = session.coordinator.counters().received();
        long atMember = member.session.counters().received();
        replay(recorded, member);

        assertThat(session.coordinator.counters().received()).isEqualTo(atCoordinator);
        assertThat(member.session.counters().received()).isEqualTo(atMember);
        assertThat(session.coordinator.counters().dropped(DropReason.REPLAYED)).isPositive();
        assertThat(member.session.counters().dropped(DropReason.REPLAYED)).isPositive();
        assertThat(rounds.work().arrivedMembers()).hasSize(1);
        assertThat(Session.read(received)).hasSize(1);
        assertThat(session.coordinator.peerCount()).isOne();
    }

    private void replay(List<Transmission> recorded, Session.Node member) {
        for (Transmission one : recorded) {
            boolean toCoordinator = one.destination().equals(COORDINATOR);
            StateMachine node = toCoordinator ? session.coordinator : member.session;
            node.onDatagram(one.source(), ByteBuffer.wrap(one.bytes()), session.now());
        }
    }

    @Test
    void whatWasRecordedOfAnEarlierIncarnationIsUnknown() {
        List<Transmission> sent = session.network.record();
        barrier(session);
        Session.Node member = session.member();
        member.joinBarrier(0);
        session.settle();
        List<Transmission> recorded = List.copyOf(sent);
        session.startCoordinator(2);
        barrier(session);
        Session.Node restarted = session.restart(member);
        long atCoordinator = session.coordinator.counters().received();
        long atMember = restarted.session.counters().received();
        replay(recorded, restarted);

        assertThat(session.coordinator.counters().received()).isEqualTo(atCoordinator);
        assertThat(restarted.session.counters().received()).isEqualTo(atMember);
        assertThat(restarted.session.loss()).isNull();
    }

    @Test
    void whatWasChangedOnItsWayIsNotTaken() {
        barrier(session);
        Session.Node member = session.member();
        member.joinBarrier(0);
        session.settle();
        List<Transmission> sent = session.network.record();
        session.network.dropIf((source, destination, chunk) -> true);
        session.settle();
        List<Transmission> lost = List.copyOf(sent);
        long atCoordinator = session.coordinator.counters().received();
        long atMember = member.session.counters().received();
        for (Transmission one : lost) {
            boolean toCoordinator = one.destination().equals(COORDINATOR);
            for (int i = 0; i < one.bytes().length; i++) {
                byte[] changed = one.bytes().clone();
                changed[i] ^= 1;
                StateMachine node = toCoordinator ? session.coordinator : member.session;
                node.onDatagram(one.source(), ByteBuffer.wrap(changed), session.now());
            }
        }

        assertThat(lost).anyMatch(one -> one.destination().equals(COORDINATOR));
        assertThat(session.coordinator.counters().received()).isEqualTo(atCoordinator);
        assertThat(member.session.counters().received()).isEqualTo(atMember);
    }

    @Test
    void whoIsNotInAGroupCanNotReadIt() {
        ManagedGroup<BroadcastSending> messages = broadcast(session, 1);
        broadcast(session, 2);
        Session.Node member = session.member();
        Session.Node neighbour = session.member();
        member.joinBroadcast(1);
        neighbour.joinBroadcast(2);
        session.settle();
        List<Transmission> sent = session.network.record();
        write(messages, PATTERN);
        session.settle();
        long unknown = neighbour.session.counters().dropped(DropReason.UNKNOWN_GROUP);

        assertThat(sent).anyMatch(one -> one.destination().equals(SimulatedNetwork.MULTICAST));
        assertThat(unknown).isPositive();
    }

    @Test
    void lostHandshakesAreRepeated() {
        List<Integer> lost = new ArrayList<>();
        session.network.dropIf((source, destination, chunk) -> {
            lost.add(1);
            // Every other one, whichever way it goes.
            return lost.size() < 12 && lost.size() % 2 == 1;
        });
        Session.Node member = session.member();

        assertThat(member.session.isJoined()).isTrue();
        assertThat(session.coordinator.peerCount()).isOne();
    }

    @Test
    void aCoordinatorThatStartsAnewIsNoticedBeforeItIsTakenForLost() {
        Session.Node member = session.member();
        session.settle();
        session.startCoordinator(2);
        session.network.runFor(SECONDS.toNanos(3));

        Disconnection loss = member.session.loss();
        assertThat(loss).isNotNull();
        assertThat(loss.detail()).contains("another incarnation");
    }

    @Test
    void aMemberThatStartsAnewTakesTheSeatOfTheOneBefore() {
        barrier(session);
        Session.Node member = session.member();
        JoinedGroup<BarrierArrival> arrivals = member.joinBarrier(0);
        session.settle();
        Session.Node restarted = session.restart(member);
        session.settle();

        assertThat(arrivals.wasJoined()).isTrue();
        assertThat(restarted.session.isJoined()).isTrue();
        assertThat(session.coordinator.peerCount()).isOne();
        assertThat(session.coordinator.group(0).memberCount()).isZero();
    }
}
