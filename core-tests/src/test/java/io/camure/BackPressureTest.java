package io.camure;

import static io.camure.test.support.Loopback.BRIEF;
import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.camure.protocol.base.Format;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.Loopback;
import io.camure.test.support.RecordingListener;
import io.camure.test.support.ScriptedMember;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members that hold the sender of a broadcast back, and how long it waits for them. */
class BackPressureTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Coordinator coordinator;

    @BeforeEach
    void start() {
        coordinator = loopback.coordinator();
    }

    /** A reader that holds the sender back once 128 chunks are unread. */
    private Member smallMember() throws InterruptedException {
        return loopback.member(coordinator, MemberConfig.builder().receiveWindow(128));
    }

    private static void send(BroadcastGroup group, String text) throws InterruptedException {
        group.send(text.getBytes(UTF_8));
    }

    private static String nextText(BroadcastReceiver receiver) throws Exception {
        return new String(receiver.receive(LONG).orElseThrow().bytes(), UTF_8);
    }

    @Test
    void aMemberThatDoesNotReadHoldsTheSenderBackAndLosesNothing() throws Exception {
        BroadcastGroup group =
                coordinator.createBroadcast(GROUP.toBuilder().timeout(BRIEF).build());
        Member member = smallMember();
        BroadcastReceiver receiver = member.joinBroadcast(group.id());
        List<String> sent = new ArrayList<>();
        Throwable refusal = null;
        while (refusal == null && sent.size() < 1000) {
            // Too large to share a chunk with another.
            String text = "message " + sent.size() + " ".repeat(800);
            refusal = catchThrowable(() -> send(group, text));
            if (refusal == null) {
                sent.add(text);
            }
        }
        assertThat(sent).as("the window, and a run that waits to be sent").hasSizeBetween(128, 240);
        assertThat(refusal).isInstanceOfSatisfying(DeliveryTimeoutException.class, e -> {
            assertThat(e.unacknowledgedBy()).extracting(Node::address).containsExactly(member.address());
            assertThat(e).hasMessageContaining(Format.address(member.address()));
        });

        for (String text : sent) {
            assertThat(nextText(receiver)).isEqualTo(text);
        }
        group.flush(LONG);
        send(group, "goes on");
        assertThat(nextText(receiver)).isEqualTo("goes on");
        assertThat(receiver.receive(BRIEF)).isEmpty();
    }

    @Test
    void aSenderThatIsHeldBackGoesOnWhenTheMemberReads() throws Exception {
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = smallMember().joinBroadcast(group.id());
        Background<Void> sending = Background.run(() -> {
            for (int i = 0; i < 500; i++) {
                send(group, "message " + i);
            }
            return null;
        });
        sending.awaitBlocked();

        for (int i = 0; i < 500; i++) {
            assertThat(nextText(receiver)).isEqualTo("message " + i);
        }
        sending.result();
    }

    @Test
    void aFlushThatTimesOutNamesWhoHasNotAcknowledged() throws Exception {
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        ScriptedMember deaf = loopback.silentMember(coordinator, group.id(), Chunk.BROADCAST);
        group.awaitMembers(2, LONG);
        send(group, "message");

        // Again, since the acknowledgement of the other one may still be on its way.
        await().atMost(LONG)
                .untilAsserted(() -> assertThatExceptionOfType(DeliveryTimeoutException.class)
                        .isThrownBy(() -> group.flush(BRIEF))
                        .withMessageContaining(Format.address(deaf.address()))
                        .satisfies(e -> assertThat(e.unacknowledgedBy())
                                .extracting(Node::address)
                                .containsExactly(deaf.address())));
        assertThat(nextText(receiver)).isEqualTo("message");
    }

    @Test
    void whoIsLostIsNotWaitedForAnyLonger() throws Exception {
        Coordinator impatient = loopback.coordinator(Loopback.shortTimeouts());
        BroadcastGroup group = impatient.createBroadcast(GROUP);
        RecordingListener listener = new RecordingListener();
        group.addListener(listener);
        ScriptedMember silent = loopback.silentMember(impatient, group.id(), Chunk.BROADCAST);
        group.awaitMembers(1, LONG);
        for (int i = 0; i < 1000; i++) {
            send(group, "message " + i);
        }
        group.flush(LONG);

        listener.awaitEvents("joined " + silent.address(), "lost " + silent.address());
        assertThat(group.members()).isEmpty();
    }

    @Test
    void closingTheGroupEndsWaitingSendersAndFlushes() throws Exception {
        BroadcastGroup unformed =
                coordinator.createBroadcast(GROUP.toBuilder().expectedMembers(1).build());
        BroadcastGroup unacknowledged = coordinator.createBroadcast(GROUP);
        loopback.silentMember(coordinator, unacknowledged.id(), Chunk.BROADCAST);
        unacknowledged.awaitMembers(1, LONG);
        send(unacknowledged, "message");
        Background<Void> sending = Background.run(() -> {
            send(unformed, "message");
            return null;
        });
        Background<Void> flushing = Background.run(() -> {
            unacknowledged.flush(LONG);
            return null;
        });
        sending.awaitBlocked();
        flushing.awaitBlocked();

        coordinator.close();

        for (Background<Void> each : List.of(sending, flushing)) {
            assertThat(each.failure())
                    .isInstanceOfSatisfying(
                            DisconnectedException.class,
                            e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.CLOSED));
        }
    }
}
