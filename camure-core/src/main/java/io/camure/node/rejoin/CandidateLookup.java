package io.camure.node.rejoin;

import io.camure.CoordinatorLocator;
import io.camure.runtime.ParkingLot;
import io.camure.transport.Execution;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/**
 * Asks a locator on a thread of its own: looking up a name can't be interrupted, but whoever waits for it can be. A thread
 * that is not waited for any more ends with its look-up.
 */
final class CandidateLookup {

    /** Each one takes two sockets and a thread while it is asked. */
    static final int MAXIMUM_CANDIDATES = 64;

    private CandidateLookup() {}

    /** @throws IOException when the locator does not know any */
    static List<InetSocketAddress> ask(CoordinatorLocator locator, String name, Execution execution, long timeoutNanos)
            throws IOException, InterruptedException, TimeoutException {
        ParkingLot asking = new ParkingLot(execution);
        FutureTask<List<InetSocketAddress>> lookup = new FutureTask<>(locator::candidates) {
            @Override
            protected void done() {
                asking.unparkAll();
            }
        };
        execution.newThread("camure-" + name + "-locator", lookup).start();
        try {
            if (!asking.await(lookup::isDone, timeoutNanos)) {
                throw new TimeoutException();
            }
            List<InetSocketAddress> candidates =
                    lookup.get().stream().distinct().limit(MAXIMUM_CANDIDATES).toList();
            if (candidates.isEmpty()) {
                throw new IOException("the locator knows none");
            }
            return candidates;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException known) {
                throw known;
            }
            throw new IOException(String.valueOf(cause), cause);
        } finally {
            lookup.cancel(true);
        }
    }
}
