package io.camure;

import static io.camure.test.support.Loopback.BRIEF;
import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The reading side of broadcasts: skipping, handlers, ends. */
class BroadcastReaderTest {

    private static final int PAYLOAD = 1472 - 10;

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Coordinator coordinator;
    private BroadcastGroup group;
    private Member member;
    private BroadcastReceiver receiver;

    @BeforeEach
    void start() throws Exception {
        coordinator = loopback.coordinator();
        group = coordinator.createBroadcast(GROUP);
        member = loopback.member(coordinator, MemberConfig.builder().receiveWindow(2048));
        receiver = member.joinBroadcast(group.id());
    }

    private String nextText() throws Exception {
        return new String(receiver.receive(LONG).orElseThrow().bytes(), UTF_8);
    }

    private void send(String text) throws InterruptedException {
        group.send(text.getBytes(UTF_8));
    }

    @Test
    void receivingGivesNothingAfterTheTimeout() throws Exception {
        assertThat(receiver.receive(Duration.ZERO)).isEmpty();
        assertThat(receiver.receive(BRIEF)).isEmpty();
        assertThat(receiver.isOpen()).isTrue();
    }

    @Test
    void aMessageThatIsLongerThanTheMaximumFailsAndTheNextOneIsRead() throws Exception {
        MemberConfig.Builder config = MemberConfig.builder().maximumMessageSize(10);
        BroadcastReceiver limited = loopback.member(coordinator, config).joinBroadcast(group.id());
        group.send(new byte[3 * PAYLOAD]);
        group.send(new byte[11]);
        group.send(new byte[10]);

        for (int i = 0; i < 2; i++) {
            Message longer = limited.receive(LONG).orElseThrow();
            assertThatIOException()
                    .isThrownBy(longer::bytes)
                    .withMessageContaining("longer than 10 bytes")
                    .withMessageContaining("camure.member.maximum-message-size");
        }
        assertThat(limited.receive(LONG).orElseThrow().bytes()).hasSize(10);
    }

    @Test
    void whatIsLeftOfAMessageIsSkippedWhenTheNextOneIsReceived() throws Exception {
        group.send(new byte[10 * PAYLOAD]);
        send("second");
        send("third");
        InputStream first = receiver.receive(LONG).orElseThrow().inputStream();
        assertThat(first.readNBytes(10)).hasSize(10);

        assertThat(nextText()).isEqualTo("second");
        receiver.receive(LONG);
        send("fourth");
        assertThat(nextText()).isEqualTo("fourth");
    }

    @Test
    void readingAMessageAfterTheNextOneWasReceivedFails() throws Exception {
        group.send(new byte[10 * PAYLOAD]);
        send("second");
        InputStream first = receiver.receive(LONG).orElseThrow().inputStream();
        assertThat(first.readNBytes(10)).hasSize(10);
        assertThat(nextText()).isEqualTo("second");

        assertThatIOException().isThrownBy(first::readAllBytes).withMessageContaining("the next one was asked for");
    }

    @Test
    void whoStillReadsAMessageWhenTheNextOneIsAskedForTakesNothingOfThat() throws Exception {
        byte[] next = new byte[5 * PAYLOAD];
        Arrays.fill(next, (byte) 7);
        try (MessageWriter writer = group.newMessage()) {
            writer.write(new byte[2 * PAYLOAD]);
            InputStream reading = receiver.receive(LONG).orElseThrow().inputStream();
            Background<byte[]> waiting = Background.run(reading::readAllBytes);
            waiting.awaitBlocked();
            assertThat(receiver.receive(BRIEF)).isEmpty();
            writer.complete();
            group.send(next);

            assertThat(receiver.receive(LONG).orElseThrow().bytes()).isEqualTo(next);
            assertThat(waiting.failure())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the next one was asked for");
        }
    }

    @Test
    void aReceiveThatFindsNoNextMessageLeavesNoHoleInTheOneBeingRead() throws Exception {
        byte[] content = new byte[5 * PAYLOAD];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i / PAYLOAD);
        }
        try (MessageWriter writer = group.newMessage()) {
            writer.write(content, 0, 3 * PAYLOAD + 1);
            group.flush(LONG);
            InputStream reading = receiver.receive(LONG).orElseThrow().inputStream();
            assertThat(reading.readNBytes(PAYLOAD)).containsOnly(0);
            assertThat(receiver.receive(BRIEF)).isEmpty();
            writer.write(content, 3 * PAYLOAD + 1, 2 * PAYLOAD - 1);
            writer.complete();

            // Either the rest is there as it was written, or it can't be read any more.
            try {
                assertThat(reading.readAllBytes().length).isEqualTo(4 * PAYLOAD);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("can't be read");
            }
        }
    }

    @Test
    void whatWasAcknowledgedIsDeliveredAfterTheGroupIsClosed() throws Exception {
        for (int i = 0; i < 900; i++) {
            send("message " + i);
        }
        group.flush(LONG);
        group.close();
        await().atMost(LONG).until(() -> !receiver.isOpen());

        assertAllDeliveredAndThen(DisconnectedException.Reason.GROUP_CLOSED);
    }

    @Test
    void whatWasAcknowledgedIsDeliveredAfterTheReceiverIsClosed() throws Exception {
        for (int i = 0; i < 900; i++) {
            send("message " + i);
        }
        group.flush(LONG);
        member.close();

        assertAllDeliveredAndThen(DisconnectedException.Reason.CLOSED);
    }

    private void assertAllDeliveredAndThen(DisconnectedException.Reason reason) throws Exception {
        for (int i = 0; i < 900; i++) {
            assertThat(nextText()).isEqualTo("message " + i);
        }
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> receiver.receive(LONG))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void aReaderThatWaitsIsToldOfTheEndAtOnce() throws Exception {
        Background<?> receiving = Background.run(() -> receiver.receive(LONG));
        receiving.awaitBlocked();
        group.close();

        assertThat(receiving.failure())
                .isInstanceOfSatisfying(
                        DisconnectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.GROUP_CLOSED));
    }

    @Test
    void aMessageThatIsNotWholeWhenTheGroupEndsIsAbandoned() throws Exception {
        MessageWriter writer = group.newMessage();
        writer.write(new byte[3 * PAYLOAD]);
        InputStream reading = receiver.receive(LONG).orElseThrow().inputStream();
        Background<byte[]> waiting = Background.run(reading::readAllBytes);
        waiting.awaitBlocked();
        group.close();

        assertThat(waiting.failure()).isInstanceOf(MessageAbandonedException.class);
        assertThatIOException().isThrownBy(writer::complete).withCauseInstanceOf(DisconnectedException.class);
    }

    @Test
    void aThreadThatWaitsForTheRestOfAMessageCanBeInterruptedAndGoOn() throws Exception {
        try (MessageWriter writer = group.newMessage()) {
            writer.write(new byte[2 * PAYLOAD]);
            InputStream reading = receiver.receive(LONG).orElseThrow().inputStream();
            Background<byte[]> waiting = Background.run(() -> reading.readNBytes(2 * PAYLOAD));
            waiting.awaitBlocked();
            waiting.interrupt();
            assertThat(waiting.failure()).isInstanceOf(InterruptedIOException.class);

            writer.complete();
            assertThat(reading.readAllBytes()).as("the second chunk").hasSize(PAYLOAD);
        }
    }

    @Test
    void aHandlerGetsEachMessageAlsoAfterItHasFailed() throws Exception {
        List<String> handled = new CopyOnWriteArrayList<>();
        receiver.onMessage(message -> {
            String text = new String(message.bytes(), UTF_8);
            handled.add(text);
            if (text.equals("1")) {
                throw new IOException("on purpose");
            } else if (text.equals("2")) {
                throw new IllegalStateException("on purpose");
            }
        });
        List<String> sent = new ArrayList<>();
        for (int i : IntStream.range(0, 20).toArray()) {
            sent.add(String.valueOf(i));
            send(String.valueOf(i));
        }

        await().atMost(LONG).untilAsserted(() -> assertThat(handled).isEqualTo(sent));
        assertThatIllegalStateException().isThrownBy(() -> receiver.onMessage(message -> {}));
    }

    @Test
    void aHandlerThatReadsNothingSkipsTheMessage() throws Exception {
        List<byte[]> handled = new CopyOnWriteArrayList<>();
        receiver.onMessage(message -> handled.add(message.inputStream().readNBytes(1)));
        for (int i = 0; i < 20; i++) {
            group.send(new byte[3 * PAYLOAD]);
        }

        await().atMost(LONG).untilAsserted(() -> assertThat(handled).hasSize(20));
        assertThat(receiver.messagesReceived()).isEqualTo(20);
    }
}
