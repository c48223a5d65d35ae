package io.camure.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ConcurrentModificationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** What is held of a lock that was lost and had again. */
class RenewedLockTest {

    /** Like one in a database: another process may have it, whatever this one holds of it. */
    private static final class SharedLock extends ReentrantLock {

        private static final long serialVersionUID = 1;

        private boolean taken;

        @Override
        public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
            return !taken && super.tryLock(time, unit);
        }

        @Override
        public void unlock() {
            super.unlock();
            if (taken) {
                throw new ConcurrentModificationException("somebody else has it");
            }
        }
    }

    private final SharedLock shared = new SharedLock();
    private final AtomicInteger released = new AtomicInteger();
    private boolean willing = true;
    private final RenewedLock lock = new RenewedLock(shared, () -> willing, asked -> {}, released::incrementAndGet);

    private boolean tryLock() throws InterruptedException {
        return lock.tryLock(0, TimeUnit.SECONDS);
    }

    @Test
    void nothingIsHeldOfALockThatWasLost() throws Exception {
        assertThat(tryLock()).isTrue();
        assertThat(tryLock()).isTrue();
        shared.taken = true;
        assertThat(tryLock()).isFalse();
        assertThat(released).hasValue(1);
        assertThat(shared.getHoldCount()).isZero();

        shared.taken = false;
        assertThat(tryLock()).isTrue();
        lock.unlock();

        assertThat(released).hasValue(2);
        assertThat(shared.isLocked()).isFalse();
    }

    @Test
    void whoDoesNotWantToBeElectedDoesNotAsk() throws Exception {
        willing = false;

        assertThat(tryLock()).isFalse();
        assertThat(shared.isLocked()).isFalse();
    }

    /** The initiator asks again without a pause of its own. */
    @Test
    void whoDoesNotWantToBeElectedWaitsAsLongAsForALockOfOthers() throws Exception {
        willing = false;
        long before = System.nanoTime();

        assertThat(lock.tryLock(50, TimeUnit.MILLISECONDS)).isFalse();

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
    }
}
