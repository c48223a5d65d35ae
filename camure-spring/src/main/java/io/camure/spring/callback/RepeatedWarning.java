package io.camure.spring.callback;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A line of the log about something that may happen often: it is written at once for the first time, and then at most once a
 * minute, for all that has happened since. Thread-safe.
 */
public final class RepeatedWarning {

    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Line line;
    private final LongSupplier clock;
    private final Later later;

    /** The rest is guarded by this. */
    private long untold;

    private @Nullable Throwable latest;
    private long nextNanos;
    private boolean toldBefore;
    private boolean scheduled;

    /** Writes a line. */
    public interface Line {

        /** @param latest of those that had a reason, why it happened last */
        void write(long times, @Nullable Throwable latest);
    }

    /** Runs a task some time from now. */
    interface Later {

        void run(Runnable task, long delayNanos);
    }

    public RepeatedWarning(Line line) {
        this(
                line,
                System::nanoTime,
                (task, delayNanos) -> CompletableFuture.delayedExecutor(delayNanos, TimeUnit.NANOSECONDS)
                        .execute(task));
    }

    RepeatedWarning(Line line, LongSupplier clock, Later later) {
        this.line = line;
        this.clock = clock;
        this.later = later;
    }

    /** It has happened. Not to be called with a lock that the log may wait for. */
    public void add(@Nullable Throwable why) {
        synchronized (this) {
            untold++;
            if (why != null) {
                latest = why;
            }
            if (scheduled) {
                return;
            }
            long waitNanos = nextNanos - clock.getAsLong();
            if (toldBefore && waitNanos > 0) {
                scheduled = true;
                later.run(this::tell, waitNanos);
                return;
            }
        }
        tell();
    }

    /** Writes what has not been written yet. */
    public void tell() {
        long times;
        Throwable why;
        synchronized (this) {
            scheduled = false;
            times = untold;
            why = latest;
            untold = 0;
            latest = null;
            toldBefore = true;
            nextNanos = clock.getAsLong() + INTERVAL_NANOS;
        }
        if (times > 0) {
            line.write(times, why);
        }
    }
}
