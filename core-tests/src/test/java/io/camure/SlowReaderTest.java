package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import io.camure.test.support.RecordingListener;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A member of a broadcast that does not read. */
class SlowReaderTest {

    private static final int MESSAGES = 1000;
    private static final GroupConfig IMPATIENT =
            GROUP.toBuilder().slowMemberPatience(Duration.ofSeconds(2)).build();

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final RecordingListener listener = new RecordingListener();
    private Coordinator coordinator;
    private BroadcastGroup group;
    private Member idle;
    private BroadcastReceiver unread;

    @BeforeEach
    void start() {
        coordinator = loopback.coordinator();
    }

    /** Sends more than the idle member has room for. */
    private Background<Void> sending(GroupConfig config) throws InterruptedException {
        group = coordinator.createBroadcast(config);
        group.addListener(listener);
        idle = loopback.member(coordinator, MemberConfig.builder().receiveWindow(128));
        unread = idle.joinBroadcast(group.id());
        group.awaitMembers(1, LONG);
        return Background.run(() -> {
            for (int i = 0; i < MESSAGES; i++) {
                // Too large to share a chunk with another.
                group.send(ByteBuffer.allocate(800).putInt(0, i).array());
            }
            return null;
        });
    }

    private static int next(BroadcastReceiver receiver) throws Exception {
        return ByteBuffer.wrap(receiver.receive(LONG).orElseThrow().bytes()).getInt();
    }

    @Test
    void isNamedSlowAndWaitedForUntilItReads() throws Exception {
        Background<Void> sending = sending(IMPATIENT);
        listener.awaitEvents("joined " + idle.address(), "slow " + idle.address());
        assertThat(group.slowMembers()).extracting(Node::address).containsExactly(idle.address());

        for (int i = 0; i < MESSAGES; i++) {
            assertThat(next(unread)).isEqualTo(i);
        }
        sending.result();
        listener.awaitLast("caught up " + idle.address());
        assertThat(group.slowMembers()).isEmpty();
    }

    @Test
    void isEvictedAndLearnsIt() throws Exception {
        Background<Void> sending =
                sending(IMPATIENT.toBuilder().slowMember(SlowMember.EVICT).build());
        listener.awaitEvents("joined " + idle.address(), "slow " + idle.address(), "evicted " + idle.address());
        sending.result();
        group.flush(LONG);
        assertThat(group.members()).isEmpty();
        assertThat(group.slowMembers()).isEmpty();

        await().atMost(LONG).until(() -> !unread.isOpen());
        for (int i = 0; i < 128; i++) {
            assertThat(next(unread)).as("what it had received before").isEqualTo(i);
        }
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> unread.receive(LONG))
                .withMessageContaining("too slow")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.TOO_SLOW));

        BroadcastReceiver again = idle.joinBroadcast(group.id());
        group.send(ByteBuffer.allocate(4).putInt(0, MESSAGES).array());
        assertThat(next(again)).isEqualTo(MESSAGES);
    }
}
