package io.camure.sample;

import io.camure.BroadcastGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Sends a file and its digest to all members, piece by piece, so that it may be larger than memory. */
@Component
@Profile("coordinator")
class FileSender {

    private final BroadcastGroup digests;
    private final BroadcastGroup files;
    private final JsonMapper json;
    private final SampleProperties properties;

    /** What was sent, and how long it took until all members had acknowledged all of it. */
    record Delivery(long sizeBytes, Duration duration) {}

    FileSender(
            @Qualifier("digests") BroadcastGroup digests,
            @Qualifier("files") BroadcastGroup files,
            JsonMapper json,
            SampleProperties properties) {
        this.digests = digests;
        this.files = files;
        this.json = json;
        this.properties = properties;
    }

    Delivery send(Path file) throws IOException, InterruptedException {
        FileDigest digest = FileDigest.of(file);
        digests.send(json.writeValueAsBytes(digest));

        Progress progress = new Progress(System.out, properties.progress(), "sending the file", digest.sizeBytes());
        long begunNanos = System.nanoTime();
        files.send(message -> copy(file, message, progress));
        files.flush(properties.patience());
        return new Delivery(digest.sizeBytes(), Duration.ofNanos(System.nanoTime() - begunNanos));
    }

    private static void copy(Path file, OutputStream message, Progress progress) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long sentBytes = 0;
        try (InputStream content = Files.newInputStream(file)) {
            for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
                message.write(buffer, 0, length);
                sentBytes += length;
                progress.onDone(sentBytes);
            }
        }
    }
}
