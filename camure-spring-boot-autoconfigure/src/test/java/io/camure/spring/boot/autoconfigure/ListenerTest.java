package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.BroadcastGroup;
import io.camure.Message;
import io.camure.spring.CamureListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ListenerTest {

    private static ApplicationContextRunner withFiles(ApplicationContextRunner runner) {
        return runner.withPropertyValues(
                "camure.groups.files.type=broadcast",
                "camure.groups.files.id=1",
                "camure.groups.files.expected-members=1",
                "camure.groups.start-line.type=barrier",
                "camure.groups.start-line.id=2");
    }

    /** What a listener was given, as far as it can be compared. */
    static class Received {
        final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

        Object next() throws InterruptedException {
            return queue.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    static class BytesListener extends Received {
        @CamureListener(group = "files")
        void on(byte[] content) {
            queue.add(new String(content, StandardCharsets.UTF_8));
        }
    }

    static class StringListener extends Received {
        @CamureListener("${group-to-hear}")
        void on(String content) {
            queue.add(content);
        }
    }

    static class StreamListener extends Received {
        @CamureListener(group = "files")
        public void on(InputStream content) throws IOException {
            queue.add(new String(content.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static class MessageListener extends Received {
        @CamureListener(group = "files")
        private void on(Message message) throws IOException {
            queue.add(new String(message.bytes(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {BytesListener.class, StringListener.class, StreamListener.class, MessageListener.class})
    void aListenerTakesTheContentAsItIs(Class<? extends Received> type) {
        withFiles(TestSession.coordinator())
                .run(coordinator -> withFiles(TestSession.memberOf(coordinator))
                        .withPropertyValues("group-to-hear=files")
                        .withBean(type)
                        .run(member -> {
                            BroadcastGroup files = coordinator.getBean(BroadcastGroup.class);
                            files.send("grüezi".getBytes(StandardCharsets.UTF_8));
                            files.send(new byte[0]);
                            Received received = member.getBean(type);
                            assertThat(received.next()).isEqualTo("grüezi");
                            assertThat(received.next()).isEqualTo("");
                        }));
        assertThat(TestSession.threads()).isEmpty();
    }
}
