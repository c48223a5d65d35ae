package io.camure.sample;

import io.camure.spring.CamureListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Stores the file that the coordinator sends, and compares it with what was announced. */
@Component
@Profile("member")
class FileReceiver {

    private final SampleProperties properties;

    /** Messages of different groups may come in any order. */
    private final CompletableFuture<FileAnnouncement> announcement = new CompletableFuture<>();

    private final CompletableFuture<Path> stored = new CompletableFuture<>();

    FileReceiver(SampleProperties properties) {
        this.properties = properties;
    }

    @CamureListener(group = "announcements")
    void onAnnouncement(FileAnnouncement announced) {
        announcement.complete(announced);
    }

    /** Takes the content while it arrives, so that it may be larger than memory. */
    @CamureListener(group = "files")
    void onFile(InputStream content) throws IOException {
        try {
            Path file = Files.createDirectories(properties.directory()).resolve("received");
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            stored.complete(file);
        } catch (IOException e) {
            stored.completeExceptionally(e);
            throw e;
        }
    }

    /** Waits for the file; fails when it is not the announced one. */
    void awaitFile() throws InterruptedException, ExecutionException, TimeoutException, IOException {
        FileAnnouncement expected = get(announcement);
        FileAnnouncement received = FileAnnouncement.of(get(stored));
        if (!received.equals(expected)) {
            throw new IOException("received " + received + " instead of " + expected);
        }
    }

    private <T> T get(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(properties.patience().toNanos(), TimeUnit.NANOSECONDS);
    }
}
