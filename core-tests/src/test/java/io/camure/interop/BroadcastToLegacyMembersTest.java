package io.camure.interop;

import static io.camure.test.support.Chunk.BROADCAST;
import static io.camure.test.support.Chunk.FINAL_FRAGMENT_ID;
import static io.camure.test.support.Chunk.FIRST_FRAGMENT_ID;
import static io.camure.test.support.Chunk.FRAGMENT_ID;
import static io.camure.test.support.Chunk.MESSAGE_ID;
import static io.camure.test.support.Chunk.ack;
import static io.camure.test.support.Chunk.data;
import static io.camure.test.support.Chunk.disconnected;
import static io.camure.test.support.Chunk.groupJoin;
import static io.camure.test.support.Chunk.message;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.DeliveryTimeoutException;
import io.camure.GroupConfig;
import io.camure.Node;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedMember;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Legacy members receive a broadcast. */
class BroadcastToLegacyMembersTest {

    private static final int GROUP = 5;
    private static final int FULL = 1467;

    @AutoClose
    private final Coordinator coordinator = Sessions.coordinator();

    private final BroadcastGroup group =
            coordinator.createBroadcast(GroupConfig.builder().id(GROUP).build());

    @AutoClose
    private ScriptedMember first;

    @AutoClose
    private ScriptedMember second;

    @BeforeEach
    void twoMembersInTheSession() {
        first = ScriptedMember.inSession(coordinator.address());
        second = ScriptedMember.inSession(coordinator.address());
    }

    @AfterEach
    void letEverybodyGo() {
        first.confirmsClosing();
        second.confirmsClosing();
        coordinator.close();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void requireUnacknowledgedBy(ScriptedMember member) {
        assertThatExceptionOfType(DeliveryTimeoutException.class)
                .isThrownBy(() -> group.flush(Duration.ZERO))
                .satisfies(e -> assertThat(e.unacknowledgedBy())
                        .extracting(Node::address)
                        .containsExactly(member.address()));
    }

    @Test
    void sendsSmallMessagesAsOneChunkEachFromTheNumberOfTheWelcomeOn() throws InterruptedException {
        int start = first.joinGroup(GROUP, BROADCAST);
        for (int i = 0; i < 3; i++) {
            group.send(bytes(16 + i));
        }
        for (int i = 0; i < 3; i++) {
            first.expectByMulticast(message(GROUP, start + i, bytes(16 + i)));
        }
        group.flush(DEADLINE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1466, 1467})
    void sendsUpToAChunkFullAsAWholeMessage(int length) throws InterruptedException {
        int start = first.joinGroup(GROUP, BROADCAST);

        group.send(bytes(length));

        first.expect(message(GROUP, start, bytes(length)));
        group.flush(DEADLINE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1468, 2000, 2934, 2935, 4401, 4402, 20_000})
    void sendsMoreInFullFragmentsAndAFinalOneThatIsNeverEmpty(int length) throws InterruptedException {
        int start = first.joinGroup(GROUP, BROADCAST);
        byte[] content = bytes(length);

        group.send(content);

        int chunks = (length + FULL - 1) / FULL;
        for (int i = 0; i < chunks; i++) {
            int id = i == 0 ? FIRST_FRAGMENT_ID : i == chunks - 1 ? FINAL_FRAGMENT_ID : FRAGMENT_ID;
            byte[] part = Arrays.copyOfRange(content, i * FULL, Math.min(length, (i + 1) * FULL));
            first.expect(data(id, GROUP, start + i, part));
        }
        group.flush(DEADLINE);
    }

    @Test
    void countsAChunkAsDeliveredOnlyWhenEveryMemberHasAcknowledgedIt() throws InterruptedException {
        int start = first.joinGroup(GROUP, BROADCAST);
        assertThat(second.joinGroup(GROUP, BROADCAST)).isEqualTo(start);
        second.losingOutgoing(1, Chunk.GROUP_ACK_ID).withoutAcknowledging();
        group.send(bytes(1));
        group.send(bytes(16));
        first.expect(message(GROUP, start, bytes(1))).expect(message(GROUP, start + 1, bytes(16)));

        // The same acknowledgement twice is not that of two members.
        first.send(ack(GROUP, start + 1)).send(ack(GROUP, start + 1)).settle();
        requireUnacknowledgedBy(second);

        second.acknowledging();
        group.flush(DEADLINE);
    }

    @Test
    void repeatsAChunkThatAMemberLost() throws InterruptedException {
        int start = first.joinGroup(GROUP, BROADCAST);
        second.joinGroup(GROUP, BROADCAST);
        first.losingIncoming(3, MESSAGE_ID);

        group.send(bytes(16));

        second.expect(message(GROUP, start, bytes(16)));
        first.expect(message(GROUP, start, bytes(16)));
        group.flush(DEADLINE);
        assertThat(coordinator.statistics().retransmissions()).isPositive();
    }

    @Test
    void reachesAMemberThatHearsNoMulticast() throws InterruptedException {
        try (ScriptedMember deaf = new ScriptedMember(coordinator.address())) {
            deaf.askForSession();
            int start = deaf.joinGroup(GROUP, BROADCAST);

            group.send(bytes(16));

            deaf.expect(message(GROUP, start, bytes(16)));
            group.flush(DEADLINE);
        }
    }

    @Test
    void repeatsALostFragmentOnly() throws InterruptedException {
        int start = first.joinGroup(GROUP, BROADCAST);
        byte[] content = bytes(3034);
        first.losingIncoming(1, FRAGMENT_ID);

        group.send(content);

        first.expect(data(FIRST_FRAGMENT_ID, GROUP, start, Arrays.copyOfRange(content, 0, FULL)))
                .expect(data(FINAL_FRAGMENT_ID, GROUP, start + 2, Arrays.copyOfRange(content, 2 * FULL, 3034)))
                .expect(data(FRAGMENT_ID, GROUP, start + 1, Arrays.copyOfRange(content, FULL, 2 * FULL)));
        group.flush(DEADLINE);
    }

    @Test
    void repeatsAChunkWhoseAcknowledgementWasLost() throws InterruptedException {
        int start = first.joinGroup(GROUP, BROADCAST);
        first.losingOutgoing(2, Chunk.GROUP_ACK_ID);

        group.send(bytes(16));

        for (int i = 0; i < 3; i++) {
            first.expect(message(GROUP, start, bytes(16)));
        }
        group.flush(DEADLINE);
    }

    @Test
    void acknowledgementsOfARepeatedWelcomeAreNotTakenForThatOfTheFirstChunk() throws InterruptedException {
        first.withoutAcknowledging().send(groupJoin(GROUP, BROADCAST));
        int start = first.expectGroupWelcome(GROUP);
        assertThat(first.expectGroupWelcome(GROUP)).isEqualTo(start);
        first.send(ack(GROUP, start)).settle();
        first.losingIncoming(1, MESSAGE_ID);
        group.send(bytes(16));

        first.send(ack(GROUP, start)).settle();

        requireUnacknowledgedBy(first);
        first.acknowledging().expect(message(GROUP, start, bytes(16)));
        group.flush(DEADLINE);
    }

    @Test
    void whoJoinsLaterReceivesFromTheNextMessageOn() throws InterruptedException {
        int start = first.joinGroup(GROUP, BROADCAST);
        for (int i = 0; i < 3; i++) {
            group.send(bytes(10 + i));
        }
        group.flush(DEADLINE);

        assertThat(second.joinGroup(GROUP, BROADCAST)).isEqualTo((start + 3) & 0xFFFF);
        group.send(bytes(20));

        second.expect(message(GROUP, start + 3, bytes(20)));
        for (int i = 0; i < 3; i++) {
            first.expect(message(GROUP, start + i, bytes(10 + i)));
        }
        first.expect(message(GROUP, start + 3, bytes(20)));
        group.flush(DEADLINE);
    }

    @Test
    void letsNobodyInWhileAMessageIsBeingWritten() throws Exception {
        int start = first.joinGroup(GROUP, BROADCAST);
        byte[] content = bytes(2000);

        group.send(out -> {
            out.write(content);
            second.send(groupJoin(GROUP, BROADCAST)).settle();
        });

        assertThat(second.expectGroupWelcome(GROUP)).isEqualTo((start + 2) & 0xFFFF);
    }

    @Test
    void goesOnWithoutAMemberThatLeaves() throws InterruptedException {
        first.joinGroup(GROUP, BROADCAST);
        int start = second.joinGroup(GROUP, BROADCAST);
        second.settle().withoutAcknowledging();
        group.send(bytes(16));
        requireUnacknowledgedByAtMost(first, second);
        // By multicast; from then on it may be repeated by unicast at any time.
        second.expect(message(GROUP, start, bytes(16)));

        second.send(Chunk.leave(GROUP)).take("GroupDisconnected", disconnected(GROUP, "leave")::equals);

        group.flush(DEADLINE);
    }

    private void requireUnacknowledgedByAtMost(ScriptedMember... members) {
        assertThatExceptionOfType(DeliveryTimeoutException.class)
                .isThrownBy(() -> group.flush(Duration.ZERO))
                .satisfies(e -> assertThat(e.unacknowledgedBy())
                        .extracting(Node::address)
                        .isSubsetOf(Arrays.stream(members)
                                .map(ScriptedMember::address)
                                .toList()));
    }

    @Test
    void goesOnWithoutAMemberThatDied() throws InterruptedException {
        CoordinatorConfig config = CoordinatorConfig.builder()
                .legacyLinger(Duration.ZERO)
                .heartbeatInterval(Duration.ofMillis(200))
                .memberTimeout(Duration.ofSeconds(4))
                .build();
        try (Coordinator hasty = Sessions.coordinator(config);
                ScriptedMember alive = ScriptedMember.inSession(hasty.address());
                ScriptedMember dead = ScriptedMember.inSession(hasty.address())) {
            BroadcastGroup messages =
                    hasty.createBroadcast(GroupConfig.builder().id(0).build());
            int start = alive.heartbeatEvery(Duration.ofMillis(200)).joinGroup(0, BROADCAST);
            dead.joinGroup(0, BROADCAST);
            dead.settle().dies();

            messages.send(bytes(16));

            alive.expect(message(0, start, bytes(16)));
            dead.expect(message(0, start, bytes(16))).expect(disconnected(0, "timeout"));
            messages.flush(DEADLINE);
        }
    }

    @Test
    void everythingSentIsDeliveredBeforeTheEndOfTheGroupIsTold() throws InterruptedException {
        int start = first.joinGroup(GROUP, BROADCAST);
        first.losingIncoming(1, MESSAGE_ID);
        group.send(bytes(16));

        group.close();

        first.expect(message(GROUP, start, bytes(16))).expect(disconnected(GROUP, ""));
    }

    @Test
    void goesOnWhenTheNumbersWrap() throws InterruptedException {
        // First numbers are random: one of many groups begins close to the wrap.
        int nearest = 0;
        BroadcastGroup wrapping = group;
        for (int id = 100; id < 600; id++) {
            BroadcastGroup candidate =
                    coordinator.createBroadcast(GroupConfig.builder().id(id).build());
            int start = first.joinGroup(id, BROADCAST);
            if (start > nearest) {
                nearest = start;
                wrapping = candidate;
            }
        }
        for (int sequence = nearest; sequence < 65536 + 10; sequence++) {
            wrapping.send(bytes(1));
            first.expect(message(wrapping.id(), sequence, bytes(1)));
        }
        wrapping.flush(DEADLINE);
    }
}
