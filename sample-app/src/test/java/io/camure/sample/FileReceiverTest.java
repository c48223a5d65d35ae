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
    private FileDigest digest;

    @BeforeEach
    void digestFile() throws IOException {
        receiver = new FileReceiver(new SampleProperties(
                1,
                1,
                null,
                directory.resolve("member"),
                Duration.ofSeconds(10),
                Duration.ZERO,
                false,
                null,
                Progress.Style.NONE));
        digest = FileDigest.of(Files.writeString(directory.resolve("sent"), "content"));
    }

    @Test
    void takesFileAndDigestInWhicheverOrder() throws Exception {
        receive("content");
        receiver.onDigest(digest);

        receiver.awaitFile();
    }

    @Test
    void refusesAnotherFile() throws IOException {
        receiver.onDigest(digest);
        receive("CONTENT");

        assertThatIOException()
                .isThrownBy(() -> receiver.awaitFile())
                .withMessageMatching("received .*sizeBytes=7.* instead of .*sizeBytes=7.*");
    }

    private void receive(String content) throws IOException {
        receiver.onFile(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }
}
