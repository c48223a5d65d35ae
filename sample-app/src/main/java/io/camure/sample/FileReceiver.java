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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Stores the file that the coordinator sends, and compares it with its digest. */
@Component
@Profile("member")
class FileReceiver {

    private static final Logger log = LoggerFactory.getLogger(FileReceiver.class);

    private final SampleProperties properties;

    /** Messages of different groups may come in any order. */
    private final CompletableFuture<FileDigest> sentDigest = new CompletableFuture<>();

    private final CompletableFuture<Path> stored = new CompletableFuture<>();

    FileReceiver(SampleProperties properties) {
        this.properties = properties;
    }

    @CamureListener(group = "digests")
    void onDigest(FileDigest digest) {
        sentDigest.complete(digest);
    }

    /** Takes the content while it arrives, so that it may be larger than memory. */
    @CamureListener(group = "files")
    void onFile(InputStream content) throws IOException {
        try {
            Path file = Files.createDirectories(properties.directory()).resolve("received");
            long sizeBytes = Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            log.info("stored {} bytes in {}", sizeBytes, file);
            stored.complete(file);
        } catch (IOException e) {
            stored.completeExceptionally(e);
            throw e;
        }
    }

    /** Waits for the file; fails when its digest is not the one that was sent. */
    void awaitFile() throws InterruptedException, ExecutionException, TimeoutException, IOException {
        FileDigest sent = get(sentDigest);
        FileDigest received = FileDigest.of(get(stored));
        if (!received.equals(sent)) {
            throw new IOException("received " + received + " instead of " + sent);
        }
    }

    private <T> T get(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(properties.patience().toNanos(), TimeUnit.NANOSECONDS);
    }
}
