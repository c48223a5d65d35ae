package io.camure.simulation;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.CamureException;
import io.camure.DisconnectedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/** One life of a node as its application sees it: from the start of its process to the end, whichever comes to it. */
class Site {

    private final World world;
    private final SeededProcess process;
    private final SimulatedHost host;
    private final SplittableRandom random;
    private final long startNanos;
    private final List<Thread> threads = new ArrayList<>();

    /** What is done again and again. */
    interface Step {

        void run() throws Exception;
    }

    Site(World world, SeededProcess process, SimulatedHost host, SplittableRandom random) {
        this.world = world;
        this.process = process;
        this.host = host;
        this.random = random;
        startNanos = world.nowNanos();
    }

    final World world() {
        return world;
    }

    final Plan plan() {
        return world.plan();
    }

    final SeededProcess process() {
        return process;
    }

    final SimulatedHost host() {
        return host;
    }

    final SplittableRandom random() {
        return random;
    }

    /** That of the node in its present session. */
    long incarnation() {
        return 0;
    }

    /** When it was first seen to be in another session; far in the future while it is not. */
    long sessionLostNanos(long incarnationThen) {
        return Long.MAX_VALUE;
    }

    /** When the process was started. */
    final long startNanos() {
        return startNanos;
    }

    /** Whether the application is to end, so that what fails now does so for that. */
    final boolean isEnding() {
        return world.isEnding();
    }

    /** Starts a thread of the application, a virtual one at times. It may be interrupted at any time. */
    final void start(String what, SeededProcess.Body body) {
        threads.add(process.start(process + "-" + what, random.nextBoolean(), body));
    }

    /** Does something until the application ends, whatever becomes of it each time. */
    final void repeat(Step step) throws Exception {
        while (!isEnding()) {
            attempt(step);
        }
    }

    /** Does something again and again until it has worked; gives back {@code null} when the application ends before. */
    final <T> T untilDone(Callable<T> call) throws Exception {
        List<T> results = new ArrayList<>();
        while (results.isEmpty() && !isEnding()) {
            attempt(() -> results.add(call.call()));
        }
        return results.isEmpty() ? null : results.get(0);
    }

    private void attempt(Step step) throws Exception {
        try {
            step.run();
        } catch (InterruptedException e) {
            world.counts().count("calls that were interrupted");
        } catch (DisconnectedException e) {
            world.counts().count("calls that were told of a loss");
            process.sleep(random.nextLong(MILLISECONDS.toNanos(50)));
        } catch (CamureException e) {
            world.counts().count("calls that failed with " + e.getClass().getSimpleName());
        }
        // An interrupt is for the call that it has met, or for none.
        boolean unused = Thread.interrupted();
    }

    /** Makes a call of the public interface. */
    final <T> T call(String what, Duration bound, Callable<T> call) throws Exception {
        return world.calls().make(process, what, bound, call);
    }

    /** As {@code join} of the future, which would block otherwise than by parking. */
    final <T> T get(CompletableFuture<T> future) throws Exception {
        Thread self = Thread.currentThread();
        CompletableFuture<?> unused = future.whenComplete((result, failure) -> process.unpark(self));
        while (!future.isDone()) {
            process.park(future);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * Whose round has ended for a call; {@link RoundsPassTogether#UNKNOWN} where the coordinator was started anew, since a node may
     * not know yet.
     *
     * @param before the incarnation of the coordinator that the node knew when it called
     * @param now the one that it knows now
     */
    final long sureIncarnation(long before, LongSupplier now) {
        boolean sure = now.getAsLong() == before
                && before == world.coordinator().site().incarnation();
        return sure ? before : RoundsPassTogether.UNKNOWN;
    }

    /** Does something else for a while. */
    final void think() {
        process.sleep(plan().thinkNanos(random));
    }

    final void interrupt(int thread) {
        if (!threads.isEmpty()) {
            threads.get(thread % threads.size()).interrupt();
        }
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
