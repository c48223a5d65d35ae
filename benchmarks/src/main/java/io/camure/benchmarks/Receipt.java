package io.camure.benchmarks;

import io.camure.benchmarks.Contender.Sink;
import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts what a member receives, and takes the time when it has everything. */
final class Receipt implements Sink {

    private volatile @Nullable Batch expected;

    /** @param stamps "number" where messages are numbered, "time" where they say when they were sent */
    Batch expect(long size, long count, String stamps) {
        Batch batch = new Batch(size, count, stamps.equals("time"));
        expected = batch;
        return batch;
    }

    @Override
    public void onMessage(long length, long stamp) {
        Batch batch = expected;
        if (batch == null) {
            throw new IllegalStateException("a message came where none was expected");
        }
        batch.take(length, stamp);
    }

    /** So many messages of one size. */
    static final class Batch {

        private final long size;
        private final long count;
        private final boolean timed;
        private final long cpuBefore = Usage.cpuNanos();
        private final Histogram delays = Histograms.empty();
        private final CountDownLatch complete = new CountDownLatch(1);
        // Until complete, used by the receiving thread only.
        private long received;
        private long end;
        private long cpu;
        private @Nullable String wrong;

        private Batch(long size, long count, boolean timed) {
            this.size = size;
            this.count = count;
            this.timed = timed;
        }

        private void take(long length, long stamp) {
            if (timed) {
                delays.recordValue(Math.max(0, System.nanoTime() - stamp));
            } else if (stamp != received) {
                refuse("message " + stamp + " came where " + received + " should have");
            }
            if (length != size) {
                refuse("a message has " + length + " bytes instead of " + size);
            }
            received++;
            if (received == count) {
                end = System.nanoTime();
                cpu = Usage.cpuNanos() - cpuBefore;
                complete.countDown();
            }
        }

        private void refuse(String reason) {
            wrong = reason;
            complete.countDown();
        }

        /** Waits without a deadline of its own, because the driver has one. */
        Fields await() throws InterruptedException {
            complete.await();
            if (wrong != null) {
                throw new IllegalStateException(wrong);
            }
            return Fields.of("done").with("end", end).with("cpu", cpu).with("histogram", Histograms.encode(delays));
        }
    }
}
