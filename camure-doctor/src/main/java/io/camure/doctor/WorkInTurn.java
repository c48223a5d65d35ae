package io.camure.doctor;

import io.camure.protocol.security.Beside;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Does what handshakes by certificates take by the one thread that a doctor has, which keeps nobody waiting by that. */
final class WorkInTurn implements Beside {

    private static final int CAPACITY = 64;

    private final ArrayDeque<Job> jobs = new ArrayDeque<>();

    private record Job(Runnable work, LongConsumer then) {}

    @Override
    public boolean submit(Runnable work, LongConsumer then) {
        return jobs.size() < CAPACITY && jobs.add(new Job(work, then));
    }

    /** Does it; whether there was anything. */
    boolean run(LongSupplier clock) {
        if (jobs.isEmpty()) {
            return false;
        }
        while (!jobs.isEmpty()) {
            Job job = jobs.remove();
            job.work().run();
            job.then().accept(clock.getAsLong());
        }
        return true;
    }
}
