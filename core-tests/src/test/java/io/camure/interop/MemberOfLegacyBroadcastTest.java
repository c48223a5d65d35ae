package io.camure.interop;

import static io.camure.test.support.Chunk.BROADCAST;
import static io.camure.test.support.Chunk.FINAL_FRAGMENT_ID;
import static io.camure.test.support.Chunk.FIRST_FRAGMENT_ID;
import static io.camure.test.support.Chunk.FRAGMENT_ID;
import static io.camure.test.support.Chunk.ack;
import static io.camure.test.support.Chunk.data;
import static io.camure.test.support.Chunk.disconnected;
import static io.camure.test.support.Chunk.groupWelcome;
import static io.camure.test.support.Chunk.leave;
import static io.camure.test.support.Chunk.message;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.BroadcastReceiver;
import io.camure.DisconnectedException;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedCoordinator;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member receives the broadcast of a legacy coordinator. */
class MemberOfLegacyBroadcastTest {

    private static final int GROUP = 5;
    private static final int FULL = 1467;

    @AutoClose
    private final ScriptedCoordinator coordinator = ScriptedCoordinator.start();

    @AutoClose
    private Member member;

    @BeforeEach
    void aMemberInTheSession() throws InterruptedException {
        MemberConfig config = MemberConfig.builder().receiveWindow(128).build();
        member = Member.join(coordinator.address(), config);
    }

    @AfterEach
    void letEverybodyGo() {
        coordinator.confirmsLeaves();
    }

    private BroadcastReceiver joinAt(int sequence) throws Exception {
        CompletableFuture<BroadcastReceiver> joining = Background.async(() -> member.joinBroadcast(GROUP));
        coordinator.admit(GROUP, BROADCAST, sequence);
        return joining.get();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void requireNext(BroadcastReceiver receiver, byte[] content) throws Exception {
        assertThat(receiver.receive(DEADLINE).orElseThrow().bytes()).isEqualTo(content);
    }

    private static void requireNothing(BroadcastReceiver receiver) throws InterruptedException {
        assertThat(receiver.receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void receivesWholeMessagesAndAcknowledgesEach() throws Exception {
        BroadcastReceiver receiver = joinAt(0);
        for (int i = 0; i < 5; i++) {
            coordinator.multicast(message(GROUP, i, bytes(16 + i))).expect(ack(GROUP, i));
        }
        for (int i = 0; i < 5; i++) {
            requireNext(receiver, bytes(16 + i));
        }
        requireNothing(receiver);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1466, 1467, 1468, 2934, 2935, 20_000})
    void putsAMessageTogetherAs01SplitsIt(int length) throws Exception {
        BroadcastReceiver receiver = joinAt(0);
        byte[] content = bytes(length);
        int chunks = Math.max(1, (length + FULL - 1) / FULL);
        for (int i = 0; i < chunks; i++) {
            int fragment = i == 0 ? FIRST_FRAGMENT_ID : i == chunks - 1 ? FINAL_FRAGMENT_ID : FRAGMENT_ID;
            byte[] part = Arrays.copyOfRange(content, i * FULL, Math.min(length, (i + 1) * FULL));
            coordinator
                    .multicast(data(chunks == 1 ? Chunk.MESSAGE_ID : fragment, GROUP, i, part))
                    .expect(ack(GROUP, i));
        }
        requireNext(receiver, content);
    }

    @Test
    void acknowledgesARepeatedChunkAgainAndDeliversItOnce() throws Exception {
        BroadcastReceiver receiver = joinAt(0);

        coordinator.multicast(message(GROUP, 0, bytes(16))).expect(ack(GROUP, 0));
        coordinator.multicast(message(GROUP, 0, bytes(16))).expect(ack(GROUP, 0));
        requireNext(receiver, bytes(16));
        coordinator.send(message(GROUP, 0, bytes(16))).expect(ack(GROUP, 0));

        requireNothing(receiver);
    }

    @Test
    void deliversOnceWhatAlwaysComesTwiceAlsoWhenItsBuffersComeRound() throws Exception {
        BroadcastReceiver receiver = joinAt(65400);
        for (int sequence = 65400; sequence < 65400 + 300; sequence++) {
            Chunk chunk = message(GROUP, sequence, bytes(sequence % 100));
            coordinator.send(chunk).expect(ack(GROUP, sequence));
            coordinator.send(chunk).expect(ack(GROUP, sequence));
            requireNext(receiver, bytes(sequence % 100));
            coordinator.send(chunk).expect(ack(GROUP, sequence));
        }
        requireNothing(receiver);
    }

    @Test
    void deliversInOrderWhatCameInDisorder() throws Exception {
        BroadcastReceiver receiver = joinAt(0);

        for (int sequence : new int[] {3, 1, 4, 2}) {
            coordinator.multicast(message(GROUP, sequence, bytes(sequence))).expect(ack(GROUP, sequence));
        }
        requireNothing(receiver);
        coordinator.send(message(GROUP, 0, bytes(0)));

        for (int sequence = 0; sequence < 5; sequence++) {
            requireNext(receiver, bytes(sequence));
        }
    }

    @Test
    void waitsForALostFragmentInTheMiddleOfAMessage() throws Exception {
        BroadcastReceiver receiver = joinAt(0);
        byte[] content = bytes(3034);
        coordinator
                .multicast(data(FIRST_FRAGMENT_ID, GROUP, 0, Arrays.copyOfRange(content, 0, FULL)))
                .expect(ack(GROUP, 0))
                .multicast(data(FINAL_FRAGMENT_ID, GROUP, 2, Arrays.copyOfRange(content, 2 * FULL, 3034)))
                .expect(ack(GROUP, 2));

        CompletableFuture<byte[]> reading =
                Background.async(() -> receiver.receive(DEADLINE).orElseThrow().bytes());
        coordinator
                .multicast(data(FRAGMENT_ID, GROUP, 1, Arrays.copyOfRange(content, FULL, 2 * FULL)))
                .expect(ack(GROUP, 1));

        assertThat(reading).succeedsWithin(DEADLINE).isEqualTo(content);
    }

    @Test
    void goesOnWhenTheNumbersWrap() throws Exception {
        BroadcastReceiver receiver = joinAt(65533);

        for (int sequence : new int[] {65533, 65535, 0, 65534, 2, 1, 3}) {
            coordinator
                    .multicast(message(GROUP, sequence, bytes(sequence % 100)))
                    .expect(ack(GROUP, sequence));
        }

        for (int sequence : new int[] {65533, 65534, 65535, 0, 1, 2, 3}) {
            requireNext(receiver, bytes(sequence % 100));
        }
    }

    @Test
    void startsAtTheNumberOfTheWelcome() throws Exception {
        BroadcastReceiver receiver = joinAt(3);

        coordinator.multicast(message(GROUP, 2, bytes(2))).multicast(message(GROUP, 3, bytes(3)));
        coordinator.expect(ack(GROUP, 2)).expect(ack(GROUP, 3));

        requireNext(receiver, bytes(3));
        requireNothing(receiver);
    }

    @Test
    void acknowledgesARepeatedWelcomeWhenTheFirstChunkIsHere() throws Exception {
        BroadcastReceiver receiver = joinAt(0);
        coordinator.send(message(GROUP, 0, bytes(16))).expect(ack(GROUP, 0)).settle();

        coordinator.send(groupWelcome(GROUP, 0)).expect(ack(GROUP, 0));

        requireNext(receiver, bytes(16));
        requireNothing(receiver);
    }

    @Test
    void aReaderThatIsSlowHoldsTheSenderBackAndLosesNothing() throws Exception {
        BroadcastReceiver receiver = joinAt(0);

        for (int i = 0; i < 100; i++) {
            coordinator.send(message(GROUP, i, bytes(i)));
        }
        for (int i = 0; i < 64; i++) {
            coordinator.expect(ack(GROUP, i));
        }
        coordinator.settle();
        assertThat(coordinator.count(ack(GROUP, 64)::equals)).isZero();

        for (int i = 0; i < 100; i++) {
            requireNext(receiver, bytes(i));
        }
        for (int i = 64; i < 100; i++) {
            coordinator.expect(ack(GROUP, i));
        }
    }

    @Test
    void deliversAllThatItHasAcknowledgedBeforeItTellsTheEndOfTheGroup() throws Exception {
        BroadcastReceiver receiver = joinAt(0);
        for (int i = 0; i < 50; i++) {
            coordinator.send(message(GROUP, i, bytes(i))).expect(ack(GROUP, i));
        }

        coordinator.send(disconnected(GROUP, "")).expect(leave(GROUP));

        for (int i = 0; i < 50; i++) {
            requireNext(receiver, bytes(i));
        }
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> receiver.receive(DEADLINE))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.GROUP_CLOSED));
    }

    @Test
    void takesNoChunkOfAGroupThatItIsNotIn() throws Exception {
        BroadcastReceiver receiver = joinAt(0);

        coordinator.multicast(message(GROUP + 1, 0, bytes(7)));
        coordinator.multicast(message(GROUP, 0, bytes(16))).expect(ack(GROUP, 0));

        requireNext(receiver, bytes(16));
        assertThat(coordinator.count(ack(GROUP + 1, 0)::equals)).isZero();
    }
}
