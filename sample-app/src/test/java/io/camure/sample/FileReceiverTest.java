package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReceiverTest {

    @TempDir
    Path directory;

    private FileReceiver receiver;
    private FileAnnouncement announcement;

    @BeforeEach
    void announce() throws IOException {
        receiver = new FileReceiver(new SampleProperties(
                1, 1, null, directory.resolve("member"), Duration.ofSeconds(10), Progress.Style.NONE));
        announcement = FileAnnouncement.of(Files.writeString(directory.resolve("sent"), "content"));
    }

    @Test
    void takesTheAnnouncedFileInWhicheverOrder() throws Exception {
        receive("content");
        receiver.onAnnouncement(announcement);

        receiver.awaitFile();
    }

    @Test
    void refusesAnotherFile() throws IOException {
        receiver.onAnnouncement(announcement);
        receive("CONTENT");

        assertThatIOException()
                .isThrownBy(() -> receiver.awaitFile())
                .withMessageMatching("received .*sizeBytes=7.* instead of .*sizeBytes=7.*");
    }

    private void receive(String content) throws IOException {
        receiver.onFile(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }
}
