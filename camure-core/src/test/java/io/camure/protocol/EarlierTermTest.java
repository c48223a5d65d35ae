package io.camure.protocol;

import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A coordinator that was replaced gets no member that has seen its successor. */
class EarlierTermTest {

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

    private final SimulatedNetwork network = new SimulatedNetwork(new SplittableRandom(1), Faults.NONE);

    private CoordinatorSession coordinator(long term) {
        CoordinatorSession coordinator =
                new CoordinatorSession(SETTINGS, "", List.of(), term, new Random(1), DatagramCodec.PLAIN);
        network.add(COORDINATOR, coordinator);
        return coordinator;
    }

    private MemberSession member(long lowestTerm) {
        MemberSession member = new MemberSession(
                new MemberSettings(COORDINATOR, SECONDS.toNanos(5), 128, 1 << 20, "orders", "", 0, lowestTerm),
                new Random(2));
        network.add(MEMBER, member);
        network.receiveMulticast(MEMBER);
        member.join(network.nowNanos());
        return member;
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "7, 0", "7, 7", "8, 7", "281474976710663, 7", "281474976710656, 0"})
    void itGetsThoseThatHaveSeenNoLaterOne(long term, long seen) {
        CoordinatorSession coordinator = coordinator(term);
        MemberSession member = member(seen);
        network.runFor(SECONDS.toNanos(1));

        assertThat(member.isJoined()).isTrue();
        assertThat(member.outbox().takeEvents())
                .contains(new SessionEvent.SessionJoined(SimulatedNetwork.MULTICAST, term));
        assertThat(coordinator.peerCount()).isOne();
    }

    @ParameterizedTest
    @CsvSource({"6, is of term 6", "0, tells no term"})
    void itIsRefusedByThoseThatHaveAndToldThatTheyAreGone(long term, String itsTerm) {
        CoordinatorSession coordinator = coordinator(term);
        MemberSession member = member(7);
        network.runFor(SECONDS.toNanos(1));

        assertThat(member.isJoined()).isFalse();
        assertThat(member.counters().dropped(DropReason.EARLIER_TERM)).isOne();
        assertThat(member.loss()).satisfies(loss -> {
            assertThat(loss.cause()).isEqualTo(Disconnection.Cause.EARLIER_TERM);
            assertThat(loss.detail())
                    .contains("gate (10.0.0.1:")
                    .contains(itsTerm)
                    .contains("session of term 7");
        });
        assertThat(member.nextDeadlineNanos()).as("it does not ask again").isEqualTo(RetryTimer.NEVER);
        assertThat(coordinator.peerCount()).isZero();
    }

    /** Otherwise there would be no higher term for the next coordinator, or none that can be counted to. */
    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, 0",
        "4611686018427387905, 0",
        "281474976710657, 0",
        "4611686018427387904, 7",
        "281474976710664, 7"
    })
    void oneOfATermThatNoElectionsCanHaveComeToIsRefusedAndToldApart(long term, long seen) {
        CoordinatorSession coordinator = coordinator(term);
        MemberSession member = member(seen);
        network.runFor(SECONDS.toNanos(1));

        assertThat(member.isJoined()).isFalse();
        assertThat(member.counters().dropped(DropReason.IMPLAUSIBLE_TERM)).isOne();
        assertThat(member.loss()).satisfies(loss -> {
            assertThat(loss.cause()).isEqualTo(Disconnection.Cause.IMPLAUSIBLE_TERM);
            assertThat(loss.detail())
                    .contains("gate (10.0.0.1:", "term " + term, "knows of is " + seen)
                    .contains("Close that coordinator");
        });
        assertThat(coordinator.peerCount()).isZero();
    }

    @Test
    void aLegacyCoordinatorHasNoTerm() {
        MemberSession member = member(7);
        ByteBuffer welcome = ByteBuffer.allocate(100);
        ChunkWriter.sessionWelcome(welcome, SimulatedNetwork.MULTICAST, 508, SECONDS.toNanos(1));
        member.onDatagram(COORDINATOR, welcome.flip(), network.nowNanos());

        assertThat(member.loss().cause()).isEqualTo(Disconnection.Cause.EARLIER_TERM);
    }
}
