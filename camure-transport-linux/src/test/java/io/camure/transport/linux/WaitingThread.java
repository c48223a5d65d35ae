package io.camure.transport.linux;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** A thread that is known to wait for datagrams in the kernel. */
final class WaitingThread {

    private static final long LONG_NANOS = Duration.ofSeconds(50).toNanos();

    /** Whether the thread was interrupted when its wait ended. */
    final CompletableFuture<Boolean> end = new CompletableFuture<>();

    final Thread thread;

    WaitingThread(LinuxDatagramPort port) {
        thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                port.awaitDatagram(LONG_NANOS);
                end.complete(Thread.currentThread().isInterrupted());
            } catch (Throwable e) {
                end.completeExceptionally(e);
            }
        });
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("ppoll")));
    }
}
