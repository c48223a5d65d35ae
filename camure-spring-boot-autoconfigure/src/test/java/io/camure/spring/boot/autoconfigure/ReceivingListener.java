package io.camure.spring.boot.autoconfigure;

import io.camure.spring.ListenerFailedEvent;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;

/** What a listener of a test has received, and what has failed. */
abstract class ReceivingListener {

    final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    final List<ListenerFailedEvent> failures = new CopyOnWriteArrayList<>();

    @EventListener
    void on(ListenerFailedEvent failure) {
        failures.add(failure);
    }

    /** @return {@code null} when nothing comes */
    @Nullable
    String next() throws InterruptedException {
        return queue.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
    }
}
