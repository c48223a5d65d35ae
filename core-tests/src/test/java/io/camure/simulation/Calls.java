package io.camure.simulation;

import io.camure.CamureException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** The calls of applications that have not returned: each has a time within which it must. */
final class Calls implements Invariant {

    /** For what the nodes themselves do; nobody is prompter than the keeper's linger. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final SeededScheduler scheduler;
    private final Trace trace;
    private final List<Call> running = new ArrayList<>();

    private record Call(SeededProcess process, String what, long beganNanos, long boundNanos, long pausedNanos) {

        long deadlineNanos() {
            return beganNanos + boundNanos + SLACK_NANOS + process.pausedNanos() - pausedNanos;
        }
    }

    Calls(SeededScheduler scheduler, Trace trace) {
        this.scheduler = scheduler;
        this.trace = trace;
    }

    /**
     * Makes a call.
     *
     * @param bound how long it may take, while its process is not paused
     */
    <T> T make(SeededProcess process, String what, Duration bound, Callable<T> call) throws Exception {
        Call made = new Call(process, what, scheduler.nowNanos(), bound.toNanos(), process.pausedNanos());
        running.add(made);
        trace.say(process, what);
        try {
            T result = call.call();
            end(process, what, "done");
            return result;
        } catch (CamureException | IOException | InterruptedException e) {
            end(process, what, e.toString());
            throw e;
        } finally {
            running.remove(made);
        }
    }

    /** What a killed process makes of its kill is nobody's business. */
    private void end(SeededProcess process, String what, String how) {
        if (process.isDead()) {
            throw new SeededThread.Killed();
        }
        trace.say(process, what + ": " + how);
    }

    @Override
    public String violation(long nowNanos) {
        for (int i = 0; i < running.size(); i++) {
            Call call = running.get(i);
            if (nowNanos > call.deadlineNanos() && !call.process().isPaused()) {
                return call.process() + ": " + call.what() + " has not returned after "
                        + (nowNanos - call.beganNanos()) / 1_000_000 + " ms";
            }
        }
        return null;
    }

    @Override
    public String violationAtEnd() {
        return running.isEmpty() ? null : "calls have not returned: " + running;
    }
}
