package io.camure.benchmarks.peers;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.camure.benchmarks.Place;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** An embedded media driver, run by the caller or by threads of its own, and its client, run by the caller. */
final class AeronClient implements AutoCloseable {

    private static final int TWO_MEGABYTES = 2 << 20;
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final MediaDriver driver;
    private final Aeron aeron;
    private final IdleStrategy idle;
    private final UnsafeBuffer signal = new UnsafeBuffer(new byte[Long.BYTES]);

    AeronClient(Place place, AeronSettings settings) {
        Supplier<IdleStrategy> idleStrategy = settings.idleStrategy();
        MediaDriver.Context context = new MediaDriver.Context()
                .aeronDirectoryName(place.directory().toString())
                .dirDeleteOnStart(true)
                .threadingMode(settings.threadingMode())
                .sharedIdleStrategy(idleStrategy.get())
                .sharedNetworkIdleStrategy(idleStrategy.get())
                .conductorIdleStrategy(idleStrategy.get())
                .senderIdleStrategy(idleStrategy.get())
                .receiverIdleStrategy(idleStrategy.get())
                .socketSndbufLength(TWO_MEGABYTES)
                .socketRcvbufLength(TWO_MEGABYTES)
                .initialWindowLength(settings.windowBytes());
        if (settings.termBytes() != 0) {
            context.publicationTermBufferLength(settings.termBytes());
        }
        if (settings.mtuBytes() != 0) {
            context.mtuLength(settings.mtuBytes());
        }
        driver = MediaDriver.launch(context);
        idle = idleStrategy.get();
        Aeron.Context client = new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .useConductorAgentInvoker(true);
        if (settings.threadingMode() == ThreadingMode.INVOKER) {
            client.driverAgentInvoker(driver.sharedAgentInvoker());
        }
        aeron = Aeron.connect(client);
    }

    Aeron aeron() {
        return aeron;
    }

    int work() {
        AgentInvoker driverInvoker = driver.sharedAgentInvoker();
        return (driverInvoker == null ? 0 : driverInvoker.invoke())
                + aeron.conductorAgentInvoker().invoke();
    }

    void idle(int workCount) {
        idle.idle(workCount);
    }

    void workUntil(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            idle.idle(work());
        }
        // The others may still need answers.
        workFor(SETTLE_NANOS);
    }

    void workFor(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            idle.idle(work());
        }
    }

    void receive(Subscription subscription, Counter counter, int messages) {
        while (counter.count < messages) {
            idle.idle(work() + subscription.poll(counter, messages - counter.count));
        }
        counter.count = 0;
    }

    void signal(ExclusivePublication publication) throws IOException {
        offer(publication, signal);
    }

    void offer(ExclusivePublication publication, UnsafeBuffer message) throws IOException {
        long position = publication.offer(message);
        while (position < 0) {
            if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
                throw new IOException("offering has failed: " + Publication.errorString(position));
            }
            idle.idle(work());
            position = publication.offer(message);
        }
    }

    @Override
    public void close() {
        aeron.close();
        driver.close();
    }

    /** Counts fragments. */
    static final class Counter implements FragmentHandler {

        private int count;

        @Override
        public void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
            count++;
        }
    }
}
