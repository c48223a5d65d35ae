package io.camure.interop;

import static io.camure.test.support.Chunk.BARRIER;
import static io.camure.test.support.Chunk.BROADCAST;
import static io.camure.test.support.Chunk.ack;
import static io.camure.test.support.Chunk.message;
import static io.camure.test.support.Chunk.reached;
import static io.camure.test.support.Chunk.released;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.DeliveryTimeoutException;
import io.camure.GroupConfig;
import io.camure.Node;
import io.camure.Round;
import io.camure.RoundTimeoutException;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedMember;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What anybody can send to a coordinator is counted, and changes nothing. */
class HostileDatagramsAtCoordinatorTest {

    private static final int BARRIER_GROUP = 0;
    private static final int BROADCAST_GROUP = 1;

    @AutoClose
    private final Coordinator coordinator = Sessions.coordinator();

    private final CoordinatorBarrier barrier =
            coordinator.createBarrier(GroupConfig.builder().id(BARRIER_GROUP).build());
    private final BroadcastGroup broadcast = coordinator.createBroadcast(
            GroupConfig.builder().id(BROADCAST_GROUP).build());

    @AutoClose
    private ScriptedMember member;

    @AutoClose
    private ScriptedMember stranger;

    private int firstSequence;

    @BeforeEach
    void aMemberOfBothGroupsAndAStranger() {
        member = ScriptedMember.inSession(coordinator.address());
        stranger = new ScriptedMember(coordinator.address());
        member.joinGroup(BARRIER_GROUP, BARRIER);
        firstSequence = member.joinGroup(BROADCAST_GROUP, BROADCAST);
        member.settle();
    }

    @AfterEach
    void letEverybodyGo() {
        member.confirmsClosing();
        coordinator.close();
    }

    private Map<String, Long> dropped() {
        return coordinator.statistics().datagramsDropped();
    }

    /** Has a datagram sent, and makes sure that it is counted under this reason and no other. */
    private void requireDropped(ScriptedMember sender, String hex, String reason) {
        Map<String, Long> before = dropped();
        sender.send(new Chunk(hex));
        await().pollInterval(Duration.ofMillis(2))
                .atMost(DEADLINE)
                .until(() -> !dropped().equals(before));
        Map<String, Long> after = dropped();
        assertThat(after).containsEntry(reason, before.get(reason) + 1);
        assertThat(sum(after)).isEqualTo(sum(before) + 1);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The member is in both groups, and rounds and messages pass. */
    private void requireAllWell() throws InterruptedException {
        assertThat(barrier.members())
                .extracting(member -> member.node().address())
                .containsExactly(member.address());
        assertThat(broadcast.members())
                .extracting(member -> member.node().address())
                .containsExactly(member.address());
        CompletableFuture<Round> passing = barrier.awaitAsync();
        assertThat(passing).isNotDone();
        member.send(reached(BARRIER_GROUP, 0)).expectByMulticast(released(BARRIER_GROUP, 0));
        assertThat(passing)
                .succeedsWithin(DEADLINE)
                .satisfies(passed -> assertThat(passed.number()).isZero());
        broadcast.send(new byte[] {1, 2, 3});
        member.expectByMulticast(message(BROADCAST_GROUP, firstSequence, (byte) 1, (byte) 2, (byte) 3));
        broadcast.flush(DEADLINE);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "'', empty",
        "03, unknown-chunk",
        "7f, unknown-chunk",
        "ff, unknown-chunk",
        "ffffffffffffffff, unknown-chunk",
        "01, truncated",
        "0a000001, duplicate-join",
        "0a000001ff, bad-field",
        "0a0000, truncated",
        "0a000003, bad-field",
        "0a0000ff, bad-field",
        "0a006301, unknown-group",
        "0a000000, wrong-group-type",
        "0b00000000, unexpected",
        "0c000000, truncated",
        "0c00630000, unknown-group",
        "0d00, truncated",
        "0d0063, unknown-group",
        "0e0000, unexpected",
        "0e00006c65617665, unexpected",
        "1400000000, unexpected",
        "14000000, truncated",
        "1500010000ffff, unexpected",
        "1600010000ffff, unexpected",
        "1700010000ffff, unexpected",
        "1e0000, truncated",
        "1e00010000, unexpected",
        "1e00000005, out-of-window",
        "1e00008000, out-of-window",
        "1f00000000, unexpected"
    })
    void aDatagramOfAMemberThatCanNotBeTakenIsCountedAndChangesNothing(String hex, String reason)
            throws InterruptedException {
        requireDropped(member, hex, reason);
        requireAllWell();
    }

    @Test
    void garbageOfAStrangerIsCountedAndChangesNothing() throws InterruptedException {
        requireDropped(stranger, "", "empty");
        requireDropped(stranger, "99", "unknown-chunk");
        requireDropped(stranger, "02", "not-in-session");
        requireDropped(stranger, "0a", "truncated");
        requireDropped(stranger, "0a000009", "bad-field");
        requireDropped(stranger, "00".repeat(1473), "oversized");
        requireDropped(stranger, "1400010000" + "aa".repeat(1468), "oversized");
        requireDropped(stranger, "1400010000" + "aa".repeat(1467), "unexpected");
        requireDropped(stranger, "00".repeat(60_000), "oversized");
        requireDropped(
                stranger,
                Chunk.sessionWelcome(coordinator.multicastAddress(), 508, 1).hex(),
                "unexpected");

        assertThat(coordinator.memberCount()).isEqualTo(1);
        requireAllWell();
    }

    @Test
    void anArrivalOfAStrangerCompletesNoRound() throws InterruptedException {
        CompletableFuture<Round> passing = barrier.awaitAsync();

        requireDropped(stranger, reached(BARRIER_GROUP, 0).hex(), "not-a-member");

        assertThat(passing).isNotDone();
        assertThatExceptionOfType(RoundTimeoutException.class)
                .isThrownBy(() -> barrier.await(Duration.ZERO))
                .satisfies(e ->
                        assertThat(e.missingMembers()).extracting(Node::address).containsExactly(member.address()));
        member.send(reached(BARRIER_GROUP, 0)).expectByMulticast(released(BARRIER_GROUP, 0));
        assertThat(passing)
                .succeedsWithin(DEADLINE)
                .satisfies(round -> assertThat(round.size()).isEqualTo(2));
    }

    @Test
    void acknowledgementsOfAStrangerDeliverNothing() throws InterruptedException {
        member.withoutAcknowledging();
        broadcast.send(new byte[] {1});
        member.expect(message(BROADCAST_GROUP, firstSequence, (byte) 1));

        requireDropped(stranger, ack(BROADCAST_GROUP, firstSequence).hex(), "not-a-member");

        assertThatExceptionOfType(DeliveryTimeoutException.class)
                .isThrownBy(() -> broadcast.flush(Duration.ZERO))
                .satisfies(e -> assertThat(e.unacknowledgedBy())
                        .extracting(Node::address)
                        .containsExactly(member.address()));
        member.acknowledging();
        broadcast.flush(DEADLINE);
    }

    @Test
    void aLeaveOfAStrangerTakesNobodyOut() throws InterruptedException {
        stranger.send(Chunk.leave(BARRIER_GROUP)).expect(Chunk.disconnected(BARRIER_GROUP, "leave"));
        stranger.send(Chunk.leave(BROADCAST_GROUP)).expect(Chunk.disconnected(BROADCAST_GROUP, "leave"));

        requireAllWell();
    }

    @Test
    void acknowledgementsOfWhatWasNeverSentDeliverNothing() throws InterruptedException {
        for (int ahead : new int[] {1, 63, 64, 1000, 32767, 32768, 65535}) {
            member.send(ack(BROADCAST_GROUP, firstSequence + ahead));
            member.send(ack(BARRIER_GROUP, ahead));
        }
        member.settle();

        requireAllWell();
    }

    @Test
    void randomDatagramsOfAStrangerChangeNothing() throws InterruptedException {
        Random random = new Random(20260702);
        for (int i = 0; i < 2_000; i++) {
            byte[] datagram = new byte[random.nextInt(1, 60)];
            random.nextBytes(datagram);
            // Whoever joins in good order is admitted, stranger or not.
            if (datagram[0] == 0 || datagram[0] == Chunk.GROUP_JOIN_ID) {
                datagram[0] = (byte) Chunk.REACHED_ID;
            }
            stranger.send(Chunk.of(datagram));
            if (i % 50 == 0) {
                member.settle();
            }
        }
        member.settle();

        assertThat(sum(dropped())).isPositive();
        requireAllWell();
    }
}
