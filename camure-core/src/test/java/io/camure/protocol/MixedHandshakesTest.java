package io.camure.protocol;

import static io.camure.protocol.CertifiedSession.requiring;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.CertifiedSession.Shown;
import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.security.Requirements;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.CertificateChunk;
import io.camure.wire.CertificateChunk.Kind;
import io.camure.wire.DropReason;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several handshakes by certificates at a time: of one address, one after the other, and of many hosts that ask all the time. */
class MixedHandshakesTest {

    private static final int CHUNK_BYTES = 1472;
    private static final Requirements OF_COORDINATOR = requiring(Shown.of("coordinator"));
    private static final Requirements OF_MEMBER = requiring(Shown.of("orders"));
    private static final InetSocketAddress SOMEBODY = new InetSocketAddress("10.1.0.1", 1);

    private CertifiedSession session;
    private List<Transmission> sent;

    @BeforeEach
    void start() {
        session = new CertifiedSession(Faults.NONE, CHUNK_BYTES, OF_COORDINATOR);
        sent = session.network.record();
    }

    private static List<ByteBuffer> of(List<Transmission> sent, Kind kind) {
        return sent.stream()
                .map(one -> ByteBuffer.wrap(one.bytes()))
                .filter(each -> CertificateChunk.isIn(each) && CertificateChunk.kind(each) == kind)
                .toList();
    }

    /** What a coordinator has said that was started anew since is of no use to the handshake with the next one. */
    @Test
    void aMemberTakesNothingThatWasSaidInAHandshakeBefore() {
        AtomicInteger said = new AtomicInteger();
        session.network.dropIf(
                (source, destination, chunk) -> source.equals(COORDINATOR) && said.getAndIncrement() > 0);
        MemberSession member = session.asking(OF_MEMBER);
        session.network.runFor(MILLISECONDS.toNanos(10));
        List<ByteBuffer> late = of(sent, Kind.FROM_COORDINATOR);
        int hellos = of(sent, Kind.FROM_MEMBER).size();
        assertThat(late).isNotEmpty();

        session.startCoordinator(2, OF_COORDINATOR);
        session.network.dropIf((source, destination, chunk) -> false);
        int again = hellos + 1;
        session.network.runUntil(
                session.network.nowNanos() + SECONDS.toNanos(2),
                () -> of(sent, Kind.FROM_MEMBER).size() > again);
        long dropped = member.counters().dropped(DropReason.DUPLICATE);
        late.forEach(each -> member.onDatagram(COORDINATOR, each.duplicate(), session.network.nowNanos()));

        assertThat(member.counters().dropped(DropReason.DUPLICATE)).isEqualTo(dropped + late.size());
        assertThat(session.joins(member, SECONDS.toNanos(1))).isTrue();
        assertThat(session.coordinator.counters().handshakes(HandshakeOutcome.COMPLETED))
                .isOne();
    }

    /** It can't go on from the middle, and answers nothing that would say so. */
    @Test
    void aMemberWhoseHandshakeTheCoordinatorHasForgottenBeginsAnew() {
        MemberSession member = session.asking(OF_MEMBER);
        session.network.runUntil(
                session.network.nowNanos() + SECONDS.toNanos(2),
                () -> of(sent, Kind.FROM_MEMBER).size() > 2);
        session.network.dropIf((source, destination, chunk) -> true);
        session.network.runFor(SECONDS.toNanos(7));
        session.network.dropIf((source, destination, chunk) -> false);

        assertThat(session.joins(member, SECONDS.toNanos(2))).isTrue();
    }

    /** A member makes one handshake at a time: what comes of an earlier one would be an answer to nothing. */
    @Test
    void aCoordinatorAnswersTheLastHandshakeOfAnAddressAlone() {
        byte[] hello = hello();
        byte[] first = cookie(SOMEBODY, 7);
        byte[] second = cookie(SOMEBODY, 8);
        sent = session.network.record();
        say(SOMEBODY, 7, first, hello);
        say(SOMEBODY, 8, second, hello);
        session.network.runFor(MILLISECONDS.toNanos(100));

        assertThat(of(sent, Kind.FROM_COORDINATOR))
                .isNotEmpty()
                .allSatisfy(
                        answer -> assertThat(CertificateChunk.number(answer)).isEqualTo(8));
        assertThat(session.coordinator.counters().handshakes(HandshakeOutcome.ABANDONED))
                .isOne();
        // Nothing more is said to the one before, either.
        int answers = of(sent, Kind.FROM_COORDINATOR).size();
        say(SOMEBODY, 7, first, hello);
        session.network.runFor(MILLISECONDS.toNanos(100));
        assertThat(of(sent, Kind.FROM_COORDINATOR)).hasSize(answers);
    }

    /** Forty hosts take what they can, each from six ports, and can be reached there. */
    @Test
    void hostsThatAskAllTheTimeLeaveATurnToOthers() {
        byte[] hello = hello();
        List<Asking> askers = new ArrayList<>();
        for (int host = 1; host <= 40; host++) {
            for (int port = 1; port <= 6; port++) {
                InetSocketAddress address = new InetSocketAddress("10.1.1." + host, port);
                askers.add(new Asking(address, cookie(address, 1)));
            }
        }
        storm(askers, hello, 5);
        MemberSession member = session.asking(OF_MEMBER);
        storm(askers, hello, 30);

        assertThat(member.isJoined()).isTrue();
        assertThat(session.coordinator.counters().handshakes(HandshakeOutcome.UNANSWERED))
                .isPositive();
    }

    private record Asking(InetSocketAddress address, byte[] cookie) {}

    /** Each begins its handshake again and again, for so many tenths of a second. */
    private void storm(List<Asking> askers, byte[] hello, int times) {
        for (int i = 0; i < times; i++) {
            askers.forEach(asker -> say(asker.address(), 1, asker.cookie(), hello));
            session.network.runFor(MILLISECONDS.toNanos(100));
        }
    }

    /** What a member says first. */
    private static byte[] hello() {
        CertifiedSession other = new CertifiedSession(Faults.NONE, CHUNK_BYTES, OF_COORDINATOR);
        List<Transmission> sent = other.network.record();
        other.asking(OF_MEMBER);
        other.network.runFor(MILLISECONDS.toNanos(100));
        return CertificateChunk.behind(of(sent, Kind.FROM_MEMBER).get(0));
    }

    /** What the coordinator tells an address for a handshake. */
    private byte[] cookie(InetSocketAddress address, long number) {
        List<Transmission> told = session.network.record();
        session.coordinator.onDatagram(
                address,
                CertificateChunk.of(Kind.ASK, number, new byte[16], 0, new byte[2]),
                session.network.nowNanos());
        session.network.runFor(1);
        return CertificateChunk.cookie(of(told, Kind.COOKIE).get(0));
    }

    private void say(InetSocketAddress address, long number, byte[] cookie, byte[] records) {
        session.coordinator.onDatagram(
                address, CertificateChunk.of(Kind.FROM_MEMBER, number, cookie, 0, records), session.network.nowNanos());
    }
}
