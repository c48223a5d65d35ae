package io.camure.interop;

import static io.camure.test.support.Chunk.ack;
import static io.camure.test.support.Chunk.disconnected;
import static io.camure.test.support.Chunk.groupWelcome;
import static io.camure.test.support.Chunk.message;
import static io.camure.test.support.Chunk.reached;
import static io.camure.test.support.Chunk.released;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BroadcastReceiver;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.Round;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedCoordinator;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What anybody can send to a member or to the group address is counted, and changes nothing. */
class HostileDatagramsAtMemberTest {

    private static final int BARRIER_GROUP = 0;
    private static final int BROADCAST_GROUP = 1;

    @AutoClose
    private final ScriptedCoordinator coordinator = ScriptedCoordinator.start();

    @AutoClose
    private final ScriptedCoordinator stranger = ScriptedCoordinator.start();

    @AutoClose
    private Member member;

    private Barrier barrier;
    private BroadcastReceiver receiver;

    @BeforeEach
    void aMemberOfBothGroups() throws Exception {
        member = Member.join(coordinator.address());
        CompletableFuture<Barrier> joiningBarrier = Background.async(() -> member.joinBarrier(BARRIER_GROUP));
        coordinator.admit(BARRIER_GROUP, Chunk.BARRIER, 0);
        barrier = joiningBarrier.get();
        CompletableFuture<BroadcastReceiver> joiningBroadcast =
                Background.async(() -> member.joinBroadcast(BROADCAST_GROUP));
        coordinator.admit(BROADCAST_GROUP, Chunk.BROADCAST, 0);
        receiver = joiningBroadcast.get();
    }

    @AfterEach
    void letEverybodyGo() {
        coordinator.confirmsLeaves();
    }

    private Map<String, Long> dropped() {
        return member.statistics().datagramsDropped();
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Has a datagram sent, and makes sure that it is counted under this reason and no other. */
    private void requireDropped(ScriptedCoordinator sender, InetSocketAddress to, Chunk chunk, String reason) {
        Map<String, Long> before = dropped();
        sender.send(chunk, to);
        await().pollInterval(Duration.ofMillis(2))
                .atMost(DEADLINE)
                .until(() -> !dropped().equals(before));
        Map<String, Long> after = dropped();
        assertThat(after).containsEntry(reason, before.get(reason) + 1);
        assertThat(sum(after)).isEqualTo(sum(before) + 1);
    }

    /** The member is in both groups, and rounds and messages pass. */
    private void requireAllWell() throws Exception {
        requireAllWell(arrive());
    }

    private CompletableFuture<Round> arrive() {
        CompletableFuture<Round> passing = barrier.awaitAsync();
        coordinator.expect(reached(BARRIER_GROUP, 0));
        return passing;
    }

    private void requireAllWell(CompletableFuture<Round> passing) throws Exception {
        assertThat(member.isOpen()).isTrue();
        assertThat(receiver.receive(Duration.ZERO)).isEmpty();
        assertThat(passing).isNotDone();
        coordinator.multicast(released(BARRIER_GROUP, 0)).expect(ack(BARRIER_GROUP, 0));
        assertThat(passing).succeedsWithin(DEADLINE);
        coordinator.multicast(message(BROADCAST_GROUP, 0, (byte) 42)).expect(ack(BROADCAST_GROUP, 0));
        assertThat(receiver.receive(DEADLINE).orElseThrow().bytes()).containsExactly(42);
        coordinator.settle();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "'', empty",
        "03, unknown-chunk",
        "7f, unknown-chunk",
        "ff, unknown-chunk",
        "01, truncated",
        "00, unexpected",
        "02, unexpected",
        "0a000001, unexpected",
        "0a000007, bad-field",
        "0b0000, truncated",
        "0b00000007, duplicate",
        "0c000000, truncated",
        "0c00630000, unknown-group",
        "0c00010000, unexpected",
        "0d0000, unexpected",
        "0e00, truncated",
        "0e00636c65617665, unknown-group",
        "0e00006c65617665, duplicate",
        "14000000, truncated",
        "1400000000ff, unexpected",
        "1400630000ff, unknown-group",
        "1e00000000, unexpected",
        "1f0000, truncated",
        "1f00010000, unexpected",
        "1f00000000, out-of-window",
        "1f00000005, out-of-window"
    })
    void aDatagramOfTheCoordinatorThatCanNotBeTakenIsCountedAndChangesNothing(String hex, String reason)
            throws Exception {
        requireDropped(coordinator, member.address(), new Chunk(hex), reason);
        requireAllWell();
    }

    @Test
    void theEndOfAGroupThatThisNodeHasForgottenIsConfirmed() throws Exception {
        requireDropped(coordinator, member.address(), new Chunk("0e0063"), "unknown-group");
        coordinator.expect(new Chunk("0d0063"));
        requireAllWell();
    }

    @Test
    void aChunkThatNoSenderOfThisSessionSendsIsAnsweredSoThatItsSenderCanSayThatThisIsNoMember() throws Exception {
        requireDropped(coordinator, member.address(), new Chunk("1400010400ff"), "out-of-window");
        coordinator.expect(new Chunk("0c00010400"));
        requireAllWell();
    }

    @Test
    void aDatagramThatIsLargerThanTheSessionsChunksIsCountedAndChangesNothing() throws Exception {
        Chunk tooLarge = message(BROADCAST_GROUP, 0, new byte[1468]);
        requireDropped(coordinator, coordinator.multicastAddress(), tooLarge, "oversized");
        requireDropped(coordinator, member.address(), message(BROADCAST_GROUP, 0, new byte[60_000]), "oversized");
        requireDropped(
                coordinator,
                member.address(),
                new Chunk(coordinator.sessionWelcome().hex() + "00"),
                "bad-field");
        requireAllWell();
    }

    @Test
    void nothingOfAStrangerIsBelieved() throws Exception {
        CompletableFuture<Round> passing = arrive();
        List<Chunk> forged = List.of(
                new Chunk(""),
                new Chunk("ff"),
                stranger.sessionWelcome(),
                coordinator.sessionWelcome(),
                groupWelcome(BARRIER_GROUP, 7),
                groupWelcome(99, 0),
                ack(BARRIER_GROUP, 0),
                disconnected(BARRIER_GROUP, ""),
                disconnected(BROADCAST_GROUP, "timeout"),
                message(BROADCAST_GROUP, 0, (byte) 66),
                released(BARRIER_GROUP, 0));

        for (Chunk chunk : forged) {
            requireDropped(stranger, member.address(), chunk, "foreign-source");
            requireDropped(stranger, coordinator.multicastAddress(), chunk, "foreign-source");
        }

        assertThat(stranger.count(chunk -> true)).isZero();
        requireAllWell(passing);
    }

    @Test
    void aStrangerIsNoSignOfLifeOfTheCoordinator() throws InterruptedException {
        MemberConfig config =
                MemberConfig.builder().coordinatorTimeout(Duration.ofSeconds(1)).build();
        try (Member forsaken = Member.join(coordinator.address(), config)) {
            coordinator.withoutAnswering();
            await().atMost(DEADLINE).until(() -> {
                stranger.send(coordinator.sessionWelcome(), forsaken.address());
                stranger.send(ack(BARRIER_GROUP, 0), coordinator.multicastAddress());
                return !forsaken.isOpen();
            });
        }
    }

    @Test
    void aStrangersWelcomeIsNotTakenThoughItComesFirst() throws Exception {
        try (ScriptedCoordinator slow = ScriptedCoordinator.start().withoutAnswering()) {
            CompletableFuture<Member> joining = Background.async(() -> Member.join(slow.address()));
            slow.expect(Chunk.SESSION_JOIN);

            stranger.send(stranger.sessionWelcome(), slow.lastHeard());
            slow.answering().send(slow.sessionWelcome());

            try (Member joined = joining.get()) {
                CompletableFuture<Barrier> joiningBarrier = Background.async(() -> joined.joinBarrier(BARRIER_GROUP));
                slow.admit(BARRIER_GROUP, Chunk.BARRIER, 0);
                CompletableFuture<Round> passing = joiningBarrier.get().awaitAsync();
                slow.expect(reached(BARRIER_GROUP, 0)).multicast(released(BARRIER_GROUP, 0));
                assertThat(passing).succeedsWithin(DEADLINE);
                assertThat(joined.statistics().datagramsDropped()).containsEntry("foreign-source", 1L);
            }
        }
    }

    @Test
    void randomDatagramsChangeNothing() throws Exception {
        Random random = new Random(20260703);
        for (int i = 0; i < 2_000; i++) {
            byte[] datagram = new byte[random.nextInt(60)];
            random.nextBytes(datagram);
            stranger.send(Chunk.of(datagram), i % 2 == 0 ? member.address() : coordinator.multicastAddress());
            if (i % 50 == 0) {
                coordinator.settle();
            }
        }
        coordinator.settle();

        assertThat(dropped().get("foreign-source")).isGreaterThan(1_000);
        requireAllWell();
    }
}
