package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers, sources and senders that don't do what is expected of them. */
class BroadcastEdgesTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    @Test
    void aHandlerThatFailsInWhateverWayGetsTheNextMessage() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        BlockingQueue<String> handled = new LinkedBlockingQueue<>();
        receiver.onMessage(message -> {
            String text = new String(message.bytes(), StandardCharsets.UTF_8);
            handled.add(text);
            switch (text) {
                case "error" -> throw new AssertionError("on purpose");
                case "interrupted" -> throw new InterruptedException("on purpose");
                case "flag" -> Thread.currentThread().interrupt();
                default -> {}
            }
        });
        for (String text : List.of("error", "interrupted", "flag", "last")) {
            group.send(text.getBytes(StandardCharsets.UTF_8));
            assertThat(handled.poll(LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(text);
        }
    }

    @Test
    void aSourceMayCloseWhatItWrapsAroundTheMessage() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        byte[] content = "compressed".repeat(1000).getBytes(StandardCharsets.UTF_8);
        group.send(out -> {
            try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
                zipped.write(content);
            }
        });

        Message message = receiver.receive(LONG).orElseThrow();
        assertThat(new GZIPInputStream(message.inputStream()).readAllBytes()).isEqualTo(content);
    }

    @Test
    void closingTheGroupEndsWhoWaitsForAnotherMessageToBeOver() throws Exception {
        BroadcastGroup group = loopback.coordinator().createBroadcast(GROUP);
        try (MessageWriter writer = group.newMessage()) {
            Background<Void> sending = Background.run(() -> {
                group.send(new byte[1]);
                return null;
            });
            sending.awaitBlocked();
            group.close();

            assertThat(sending.failure()).isInstanceOf(DisconnectedException.class);
            assertThat(catchThrowable(writer::complete))
                    .isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(DisconnectedException.class);
        }
    }
}
