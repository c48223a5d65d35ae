package io.camure.benchmarks.peers;

import io.camure.benchmarks.Place;
import io.camure.benchmarks.SumMeeting;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** Rounds in which members tell the coordinator their numbers, and it tells them the sum. */
abstract class CentralSums extends SumMeeting {

    private final Place place;
    private final AtomicLong told = new AtomicLong();
    private final Semaphore permits = new Semaphore(0);

    CentralSums(Place place) {
        super(place);
        this.place = place;
    }

    /** Tells the other side a number: members the coordinator, and the coordinator all members. */
    abstract void publish(long number);

    /** To be called with what the other side has told. */
    final void onTold(long number) {
        told.addAndGet(number);
        permits.release();
    }

    @Override
    protected final long sum(long number) throws InterruptedException {
        if (place.isCoordinator()) {
            permits.acquire(place.members());
            long sum = told.getAndSet(0) + number;
            publish(sum);
            return sum;
        }
        publish(number);
        permits.acquire();
        return told.getAndSet(0);
    }
}
