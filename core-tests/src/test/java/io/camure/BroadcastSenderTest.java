package io.camure;

import static io.camure.test.support.Loopback.BRIEF;
import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The writing side of broadcasts: messages that are given up are never delivered. */
class BroadcastSenderTest {

    private static final int PAYLOAD = 1472 - 10;

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Coordinator coordinator;

    @BeforeEach
    void start() {
        coordinator = loopback.coordinator();
    }

    /** A reader that holds the sender back once 64 chunks are unread and another 64 unacknowledged. */
    private Member smallMember() throws InterruptedException {
        return loopback.member(coordinator, MemberConfig.builder().receiveWindow(128));
    }

    private static void send(BroadcastGroup group, String text) throws InterruptedException {
        group.send(text.getBytes(UTF_8));
    }

    private static String nextText(BroadcastReceiver receiver) throws Exception {
        return new String(receiver.receive(LONG).orElseThrow().bytes(), UTF_8);
    }

    @ParameterizedTest(name = "after {0} bytes")
    @ValueSource(ints = {0, 10, PAYLOAD, PAYLOAD + 1, 10 * PAYLOAD})
    void aMessageWhoseWriterFailsIsNeverDeliveredAndTheNextOneIs(int written) throws Exception {
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        List<Throwable> endings = new ArrayList<>();
        List<String> whole = new ArrayList<>();
        Background<Void> reading = Background.run(() -> {
            while (!whole.contains("next")) {
                Message message = receiver.receive(LONG).orElseThrow();
                try {
                    whole.add(new String(message.bytes(), UTF_8));
                } catch (MessageAbandonedException e) {
                    endings.add(e);
                }
            }
            return null;
        });

        send(group, "before");
        assertThatIOException()
                .isThrownBy(() -> group.send(out -> {
                    out.write(new byte[written]);
                    throw new IOException("on purpose");
                }))
                .withMessage("on purpose");
        send(group, "next");
        reading.result();

        assertThat(whole).containsExactly("before", "next");
        assertThat(endings).as("told only where a part was sent").hasSize(written > PAYLOAD ? 1 : 0);
        assertThat(group.messagesSent()).isEqualTo(2);
    }

    @Test
    void whoReadsAMessageThatIsGivenUpIsToldAtOnceNotOnlyByTheNextOne() throws Exception {
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        MessageWriter writer = group.newMessage();
        writer.write(new byte[3 * PAYLOAD]);
        InputStream reading = receiver.receive(LONG).orElseThrow().inputStream();
        Background<byte[]> waiting = Background.run(reading::readAllBytes);
        waiting.awaitBlocked();

        writer.close();

        assertThat(waiting.failure()).isInstanceOf(MessageAbandonedException.class);
        assertThat(receiver.receive(BRIEF))
                .as("the notice itself is no message")
                .isEmpty();
    }

    @Test
    void aMessageIsSentWhenItIsCompleteAndNotWhenItIsClosed() throws Exception {
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        MessageWriter closedOnly = group.newMessage();
        closedOnly.write('x');
        closedOnly.close();
        closedOnly.close();
        MessageWriter completed = group.newMessage();
        completed.write('y');
        completed.flush();
        completed.complete();
        completed.close();

        assertThat(nextText(receiver)).isEqualTo("y");
        assertThatIOException().isThrownBy(() -> closedOnly.write('x')).withMessageContaining("given up");
        assertThatIOException().isThrownBy(closedOnly::complete);
        assertThatIOException().isThrownBy(() -> completed.write('x')).withMessageContaining("complete");
        assertThatIOException().isThrownBy(completed::complete);
    }

    /** Fills the send window of a group whose member reads nothing, in front of a message that is begun then. */
    private static MessageWriter writerWithoutRoom(BroadcastGroup group, BroadcastReceiver receiver) throws Exception {
        while (true) {
            boolean full = receiver.window().chunks() == receiver.window().capacity();
            try {
                send(group, "fill");
            } catch (DeliveryTimeoutException e) {
                // Before that the member was only late.
                if (full) {
                    return group.newMessage();
                }
            }
        }
    }

    private static Set<String> readUntilEnd(BroadcastReceiver receiver) throws Exception {
        Set<String> messages = new LinkedHashSet<>();
        while (!messages.contains("end")) {
            messages.add(nextText(receiver));
        }
        return messages;
    }

    @Test
    void aMessageThatFoundNoRoomOnceIsNeverDeliveredInPart() throws Exception {
        BroadcastGroup group =
                coordinator.createBroadcast(GROUP.toBuilder().timeout(BRIEF).build());
        BroadcastReceiver receiver = smallMember().joinBroadcast(group.id());
        MessageWriter writer = writerWithoutRoom(group, receiver);
        assertThatIOException()
                .isThrownBy(() -> writer.write("c".repeat(2 * PAYLOAD).getBytes(UTF_8)))
                .withCauseInstanceOf(DeliveryTimeoutException.class);

        Background<Set<String>> reading = Background.run(() -> readUntilEnd(receiver));
        group.flush(LONG);
        Throwable failure = catchThrowable(() -> {
            writer.write("d".repeat(10).getBytes(UTF_8));
            writer.complete();
        });
        writer.close();
        send(group, "end");

        assertThat(reading.result()).containsExactly("fill", "end");
        assertThat(failure).as("what was not written whole is given up").isInstanceOf(IOException.class);
    }

    @Test
    void aMessageThatFoundNoRoomToBeCompletedIsNeverDeliveredInPart() throws Exception {
        BroadcastGroup group =
                coordinator.createBroadcast(GROUP.toBuilder().timeout(BRIEF).build());
        BroadcastReceiver receiver = smallMember().joinBroadcast(group.id());
        MessageWriter writer = writerWithoutRoom(group, receiver);
        writer.write("content".getBytes(UTF_8));
        assertThatIOException().isThrownBy(writer::complete).withCauseInstanceOf(DeliveryTimeoutException.class);

        Background<Set<String>> reading = Background.run(() -> readUntilEnd(receiver));
        group.flush(LONG);
        Throwable failure = catchThrowable(writer::complete);
        writer.close();
        send(group, "end");

        assertThat(reading.result()).containsExactly("fill", "end");
        assertThat(failure).as("what was not written whole is given up").isInstanceOf(IOException.class);
    }

    @Test
    void aWriterThatWasIdleForLongWaitsForRoomAllTheSame() throws Exception {
        Duration timeout = Duration.ofSeconds(2);
        BroadcastGroup group =
                coordinator.createBroadcast(GROUP.toBuilder().timeout(timeout).build());
        BroadcastReceiver receiver = smallMember().joinBroadcast(group.id());
        MessageWriter writer = writerWithoutRoom(group, receiver);
        await().pollDelay(timeout.plus(BRIEF)).until(() -> true);
        writer.write("end".getBytes(UTF_8));
        Background<Object> completing = Background.run(() -> {
            writer.complete();
            return null;
        });
        completing.awaitBlocked();

        assertThat(readUntilEnd(receiver)).containsExactly("fill", "end");
        completing.result();
    }

    @Test
    void whatASourceHasMetWithElsewhereIsThrownAsItIs() throws Exception {
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        MessageAbandonedException elsewhere =
                new MessageAbandonedException("of another group", new CamureException("it is closed"));

        assertThatExceptionOfType(MessageAbandonedException.class)
                .isThrownBy(() -> group.send(out -> {
                    throw elsewhere;
                }))
                .isSameAs(elsewhere);
    }

    @Test
    void aWriterThatIsClosedByAnotherThreadWritesNothingIntoTheNextMessage() throws Exception {
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = smallMember().joinBroadcast(group.id());
        MessageWriter writer = group.newMessage();
        Background<Object> writing = Background.run(() -> {
            while (true) {
                writer.write(new byte[PAYLOAD]);
            }
        });
        writing.awaitBlocked();
        writer.close();
        byte[] next = "n".repeat(5 * PAYLOAD).getBytes(UTF_8);
        Background<Object> sending = Background.run(() -> {
            group.send(next);
            return null;
        });
        sending.awaitBlocked();

        assertThatExceptionOfType(MessageAbandonedException.class)
                .isThrownBy(() -> receiver.receive(LONG).orElseThrow().bytes());
        assertThat(receiver.receive(LONG).orElseThrow().bytes()).isEqualTo(next);
        sending.result();
        assertThat(writing.failure()).isInstanceOf(IOException.class);
    }

    @Test
    void aThreadThatWaitsForRoomCanBeInterrupted() throws Exception {
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = smallMember().joinBroadcast(group.id());
        Background<Void> writing = Background.run(() -> {
            group.send(out -> {
                while (true) {
                    out.write(new byte[PAYLOAD]);
                }
            });
            return null;
        });
        writing.awaitBlocked();
        writing.interrupt();
        assertThat(writing.failure()).isInstanceOf(InterruptedException.class);

        assertThatExceptionOfType(MessageAbandonedException.class)
                .isThrownBy(() -> receiver.receive(LONG).orElseThrow().bytes());
        send(group, "next");
        assertThat(nextText(receiver)).isEqualTo("next");
    }

    @Test
    void anInterruptedSendOfBytesSaysSo() throws Exception {
        BroadcastGroup group =
                coordinator.createBroadcast(GROUP.toBuilder().expectedMembers(1).build());
        Background<Void> sending = Background.run(() -> {
            send(group, "message");
            return null;
        });
        sending.awaitBlocked();
        sending.interrupt();

        assertThat(sending.failure()).isInstanceOf(InterruptedException.class);
    }
}
