package io.camure.protocol;

import static io.camure.protocol.CertifiedSession.requiring;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.CertifiedSession.Shown;
import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.security.Requirements;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.CertificateChunk;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.SealedHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes by certificates, in virtual time: whatever the network does to them, and whoever makes them. */
class CertifiedSessionTest {

    private static final int CHUNK_BYTES = 1472;
    private static final Requirements OF_COORDINATOR = requiring(Shown.of("coordinator"));
    private static final Requirements OF_MEMBER = requiring(Shown.of("orders").allowing("coordinator.batch.example"));

    /** As long as a member is given to join, mostly. */
    private static final long JOIN_NANOS = SECONDS.toNanos(5);

    private static CertifiedSession session(Requirements requirements) {
        return new CertifiedSession(Faults.NONE, CHUNK_BYTES, requirements);
    }

    private static long handshakes(CertifiedSession session, HandshakeOutcome outcome) {
        return session.coordinator.counters().handshakes(outcome);
    }

    @ParameterizedTest
    @ValueSource(ints = {508, CHUNK_BYTES, 9000})
    void allIsDoneAndNothingIsSaidInClear(int chunkBytes) {
        CertifiedSession session = new CertifiedSession(Faults.NONE, chunkBytes, OF_COORDINATOR);
        List<Transmission> sent = session.network.record();
        ManagedGroup<BarrierRound> rounds =
                session.coordinator.create(BarrierKind.BARRIER, 0, Session.AUTOMATIC, LossPolicy.CONTINUE);
        MemberSession member = session.asking(OF_MEMBER);
        assertThat(session.joins(member, MILLISECONDS.toNanos(50))).isTrue();
        JoinedGroup<BarrierArrival> arrivals = member.join(BarrierKind.BARRIER, 0, session.network.nowNanos());
        session.network.runFor(SECONDS.toNanos(1));
        arrivals.work().arrive(session.network.nowNanos());
        rounds.work().arrive(session.network.nowNanos());
        session.network.runFor(SECONDS.toNanos(1));

        assertThat(arrivals.work().outcome().round()).isZero();
        assertThat(handshakes(session, HandshakeOutcome.COMPLETED)).isOne();
        for (Transmission one : sent) {
            ByteBuffer datagram = ByteBuffer.wrap(one.bytes());
            assertThat(SealedHeader.isIn(datagram) || CertificateChunk.isIn(datagram))
                    .isTrue();
            assertThat(one.bytes()).hasSizeLessThanOrEqualTo(chunkBytes);
        }
    }

    @Test
    void beforeAnAddressIsProvenNoMoreBytesAreAnsweredThanAsked() {
        CertifiedSession session = session(OF_COORDINATOR);
        List<Transmission> sent = session.network.record();
        session.joins(session.asking(OF_MEMBER), JOIN_NANOS);

        assertThat(sent.get(0).source()).isNotEqualTo(COORDINATOR);
        assertThat(sent.get(1).source()).isEqualTo(COORDINATOR);
        assertThat(sent.get(1).bytes()).hasSizeLessThanOrEqualTo(sent.get(0).bytes().length);
        // What is answered next is behind the proof, which the member has sent with its first records.
        assertThat(CertificateChunk.cookie(ByteBuffer.wrap(sent.get(2).bytes())))
                .isEqualTo(CertificateChunk.cookie(ByteBuffer.wrap(sent.get(1).bytes())));
    }

    @ParameterizedTest
    @ValueSource(ints = {508, CHUNK_BYTES})
    void anyOneDatagramMayBeLost(int chunkBytes) {
        CertifiedSession undisturbed = new CertifiedSession(Faults.NONE, chunkBytes, OF_COORDINATOR);
        List<Transmission> sent = undisturbed.network.record();
        undisturbed.joins(undisturbed.asking(OF_MEMBER), JOIN_NANOS);

        assertThat(sent).hasSizeGreaterThan(8);
        for (int i = 0; i < sent.size(); i++) {
            int lost = i;
            AtomicInteger count = new AtomicInteger();
            CertifiedSession session = new CertifiedSession(Faults.NONE, chunkBytes, OF_COORDINATOR);
            session.network.dropIf((source, destination, chunk) -> count.getAndIncrement() == lost);
            assertThat(session.joins(session.asking(OF_MEMBER), SECONDS.toNanos(2)))
                    .as("without datagram %d of %d", lost, sent.size())
                    .isTrue();
        }
    }

    /** A tenth lost, a tenth doubled, and delays so different that most arrive in another order: whoever is lost by that gets in again. */
    @ParameterizedTest
    @ValueSource(ints = {508, CHUNK_BYTES})
    void aNetworkThatLosesDoublesAndReordersDelaysItOnly(int chunkBytes) {
        Faults faults = new Faults(0.1, 0.1, MILLISECONDS.toNanos(1), MILLISECONDS.toNanos(30));
        CertifiedSession session = new CertifiedSession(faults, chunkBytes, OF_COORDINATOR);
        List<MemberSession> members = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            members.add(session.asking(OF_MEMBER));
        }
        session.network.runFor(SECONDS.toNanos(20));

        assertThat(members).allMatch(MemberSession::isJoined);
        members.replaceAll(member -> member.loss() == null ? member : session.asking(OF_MEMBER));
        session.network.runFor(SECONDS.toNanos(10));
        assertThat(members).allMatch(MemberSession::isJoined);
        assertThat(handshakes(session, HandshakeOutcome.REFUSED)).isZero();
    }

    /** It has asked for another link, as two answers were lost; what is late of that replaces nothing. */
    @Test
    void whoIsAnsweredAgainByItsLinkKeepsIt() {
        CertifiedSession session = session(OF_COORDINATOR);
        MemberSession member = session.asking(OF_MEMBER);
        session.joins(member, JOIN_NANOS);
        List<Transmission> sent = session.network.record();
        session.network.dropIf((source, destination, chunk) -> source.equals(COORDINATOR));
        session.network.runUntil(
                session.network.nowNanos() + JOIN_NANOS,
                () -> sent.stream().anyMatch(one -> CertificateChunk.isIn(ByteBuffer.wrap(one.bytes()))));
        session.network.dropIf((source, destination, chunk) -> false);
        session.network.runFor(JOIN_NANOS);

        assertThat(sent).anyMatch(one -> CertificateChunk.isIn(ByteBuffer.wrap(one.bytes())));
        assertThat(handshakes(session, HandshakeOutcome.COMPLETED)).isOne();
        assertThat(member.loss()).isNull();
    }

    /** A member that joins by a locator is given three seconds before it tries anew from another port. */
    @Test
    void atThreeTenthsOfASecondThereAndBackAMemberIsInWithinATry() {
        Faults far = new Faults(0, 0, MILLISECONDS.toNanos(150), 0);
        CertifiedSession session = new CertifiedSession(far, CHUNK_BYTES, OF_COORDINATOR);

        assertThat(session.joins(session.asking(OF_MEMBER), SECONDS.toNanos(3))).isTrue();
        assertThat(session.network.nowNanos()).isGreaterThan(SECONDS.toNanos(1));
    }

    @Test
    void aCertificateOfAnotherAuthorityTakesNoSeat() {
        CertifiedSession session = session(OF_COORDINATOR);
        MemberSession stranger = session.asking(requiring(new Shown("stranger", "trust", List.of(), null)));

        assertThat(session.joins(stranger, JOIN_NANOS)).isFalse();
        assertThat(session.coordinator.peerCount()).isZero();
        assertThat(handshakes(session, HandshakeOutcome.UNAUTHENTICATED)).isPositive();
        assertThat(handshakes(session, HandshakeOutcome.COMPLETED)).isZero();
    }

    @Test
    void whoIsNotAllowedIsToldAndReportedOnceAMinute() {
        CertifiedSession session = session(requiring(Shown.of("coordinator").allowing("*.batch.example")));
        MemberSession refused = session.asking(requiring(Shown.of("prices")));

        assertThat(session.joins(refused, SECONDS.toNanos(30))).isFalse();
        assertThat(handshakes(session, HandshakeOutcome.REFUSED)).isGreaterThan(5);
        assertThat(session.coordinator.outbox().takeEvents())
                .singleElement()
                .isInstanceOfSatisfying(SessionEvent.CertificateRefused.class, event -> {
                    assertThat(event.subject()).isEqualTo("CN=prices");
                    assertThat(event.why()).isEqualTo("not here");
                });
        assertThat(refused.outbox().codec().failure()).contains("does not admit the certificate of this node");
        session.network.runFor(SECONDS.toNanos(31));
        assertThat(session.coordinator.outbox().takeEvents()).hasSize(1);
    }

    @Test
    void aMemberTakesOnlyTheCoordinatorThatItIsToTake() {
        CertifiedSession session = session(requiring(Shown.of("orders")));
        MemberSession member = session.asking(OF_MEMBER);

        assertThat(session.joins(member, JOIN_NANOS)).isFalse();
        assertThat(member.outbox().codec().failure()).contains("not here");
        assertThat(session.coordinator.peerCount()).isZero();
    }

    @Test
    void aGroupIsJoinedByWhoIsAdmittedToIt() {
        Shown deciding = new Shown("coordinator", "trust", List.of(), "1");
        CertifiedSession session = session(requiring(deciding));
        session.coordinator.create(BarrierKind.BARRIER, 0, Session.AUTOMATIC, LossPolicy.CONTINUE);
        session.coordinator.create(BarrierKind.BARRIER, 1, Session.AUTOMATIC, LossPolicy.CONTINUE);
        MemberSession member = session.asking(OF_MEMBER);
        session.joins(member, JOIN_NANOS);
        JoinedGroup<BarrierArrival> open = member.join(BarrierKind.BARRIER, 0, session.network.nowNanos());
        JoinedGroup<BarrierArrival> closed = member.join(BarrierKind.BARRIER, 1, session.network.nowNanos());
        session.network.runFor(JOIN_NANOS);

        assertThat(open.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(closed.state()).isEqualTo(JoinedGroup.State.JOINING);
    }

    @Test
    void whoLacksTheSecretBesideIsNotAnswered() {
        Secret secret = new Secret(new byte[32]);
        CertifiedSession session = session(requiring(Shown.of("coordinator"), secret));
        List<Transmission> sent = session.network.record();
        MemberSession without = session.asking(OF_MEMBER);
        MemberSession withAnother = session.asking(requiring(Shown.of("orders"), new Secret(new byte[16])));
        MemberSession withIt = session.asking(Requirements.of(List.of(secret)));
        session.network.runFor(JOIN_NANOS);

        assertThat(List.of(without, withAnother, withIt)).noneMatch(MemberSession::isJoined);
        assertThat(sent).noneMatch(one -> one.source().equals(COORDINATOR));
        assertThat(session.joins(session.asking(requiring(Shown.of("orders"), secret)), JOIN_NANOS))
                .isTrue();
    }

    @Test
    void whoAsksInOthersNamesCausesNoWork() {
        CertifiedSession session = session(OF_COORDINATOR);
        List<Transmission> sent = session.network.record();
        int asked = 0;
        for (int i = 0; i < 10_000; i++) {
            InetSocketAddress forged = new InetSocketAddress("10.1.0.1", 1 + i);
            CertificateChunk.Kind kind = i % 2 == 0 ? CertificateChunk.Kind.ASK : CertificateChunk.Kind.FROM_MEMBER;
            ByteBuffer chunk = CertificateChunk.of(kind, i, new byte[16], 0, new byte[200]);
            asked += chunk.remaining();
            session.coordinator.onDatagram(forged, chunk, session.network.nowNanos());
        }
        session.network.runFor(1);

        assertThat(session.works).isZero();
        assertThat(sent.stream().mapToInt(one -> one.bytes().length).sum()).isLessThanOrEqualTo(asked);
        assertThat(session.joins(session.asking(OF_MEMBER), JOIN_NANOS)).isTrue();
    }

    /** Of one host, and of all that can be reached at their addresses. */
    @Test
    void handshakesAreBoundedAndComeToAnEnd() {
        CertifiedSession session = session(OF_COORDINATOR);
        session.stuck = true;
        for (int i = 0; i < 100; i++) {
            prove(session, new InetSocketAddress("10.1.0.1", 1 + i));
        }
        int ofOneHost = session.works;
        for (int i = 0; i < 100; i++) {
            prove(session, new InetSocketAddress("10.1.1." + i, 1));
        }

        assertThat(ofOneHost).isEqualTo(25);
        assertThat(session.works).isEqualTo(50);
        assertThat(handshakes(session, HandshakeOutcome.UNANSWERED)).isEqualTo(150);
        assertThat(session.coordinator.counters().dropped(DropReason.UNANSWERED))
                .isEqualTo(150);
        session.network.runFor(SECONDS.toNanos(6));
        assertThat(handshakes(session, HandshakeOutcome.ABANDONED)).isEqualTo(50);
        session.stuck = false;
        assertThat(session.joins(session.asking(OF_MEMBER), JOIN_NANOS)).isTrue();
    }

    /** Asks from an address, and sends records with the cookie that was told. */
    private static void prove(CertifiedSession session, InetSocketAddress address) {
        List<Transmission> sent = session.network.record();
        session.coordinator.onDatagram(
                address,
                CertificateChunk.of(CertificateChunk.Kind.ASK, 7, new byte[16], 0, new byte[2]),
                session.network.nowNanos());
        session.network.runFor(1);
        byte[] cookie = CertificateChunk.cookie(ByteBuffer.wrap(sent.get(0).bytes()));
        session.coordinator.onDatagram(
                address,
                CertificateChunk.of(CertificateChunk.Kind.FROM_MEMBER, 7, cookie, 0, new byte[200]),
                session.network.nowNanos());
    }

    @Test
    void aCookieIsOfUseForItsHandshakeAndAddressOnly() {
        CertifiedSession session = session(OF_COORDINATOR);
        InetSocketAddress address = new InetSocketAddress("10.1.0.1", 1);
        prove(session, address);
        List<Transmission> sent = session.network.record();
        session.network.runFor(1);
        int works = session.works;
        byte[] cookie = new byte[16];
        for (int i = 0; i < 3; i++) {
            List<Transmission> told = session.network.record();
            session.coordinator.onDatagram(
                    address,
                    CertificateChunk.of(CertificateChunk.Kind.ASK, 7, new byte[16], 0, new byte[2]),
                    session.network.nowNanos());
            session.network.runFor(1);
            cookie = CertificateChunk.cookie(ByteBuffer.wrap(told.get(0).bytes()));
        }
        session.coordinator.onDatagram(
                address,
                CertificateChunk.of(CertificateChunk.Kind.FROM_MEMBER, 8, cookie, 0, new byte[200]),
                session.network.nowNanos());
        session.coordinator.onDatagram(
                new InetSocketAddress("10.1.0.2", 1),
                CertificateChunk.of(CertificateChunk.Kind.FROM_MEMBER, 7, cookie, 0, new byte[200]),
                session.network.nowNanos());

        assertThat(session.works).isEqualTo(works);
        assertThat(sent).isEmpty();
    }

    @Test
    void aMemberFindsACoordinatorThatWasStartedAnew() {
        CertifiedSession session = session(OF_COORDINATOR);
        MemberSession member = session.asking(OF_MEMBER);
        session.joins(member, JOIN_NANOS);
        session.startCoordinator(2, OF_COORDINATOR);
        session.network.runFor(SECONDS.toNanos(10));

        // The session has another incarnation, so that it is over; that was told by the new coordinator.
        assertThat(member.loss()).isNotNull();
        assertThat(handshakes(session, HandshakeOutcome.COMPLETED)).isPositive();
    }

    @Test
    void aHandshakeThatWasRecordedTakesNoSeat() {
        CertifiedSession session = session(OF_COORDINATOR);
        List<Transmission> sent = session.network.record();
        session.joins(session.asking(OF_MEMBER), JOIN_NANOS);
        List<Transmission> recorded = List.copyOf(sent);
        session.startCoordinator(2, OF_COORDINATOR);
        for (Transmission one : recorded) {
            if (!one.source().equals(COORDINATOR)) {
                session.coordinator.onDatagram(one.source(), ByteBuffer.wrap(one.bytes()), session.network.nowNanos());
                session.network.runFor(MILLISECONDS.toNanos(5));
            }
        }

        assertThat(session.coordinator.peerCount()).isZero();
        assertThat(session.coordinator.counters().received(ChunkType.SESSION_JOIN))
                .isZero();
    }
}
