package io.camure.node.rejoin;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.CoordinatorLocator;
import io.camure.MemberConfig;
import io.camure.node.session.NetworkExaminer;
import io.camure.node.session.Ports;
import io.camure.protocol.base.Format;
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
public final class CandidateLookup {

    /** Each one takes two sockets and a thread while it is asked. */
    static final int MAXIMUM_CANDIDATES = 64;

    private static final long EXAMINED_NANOS = SECONDS.toNanos(5);

    private CandidateLookup() {}

    /** Asks a locator for somebody who examines the network, and does not wait for it for longer than 5 s. */
    public static NetworkExaminer.Lookup ofExaminer(CoordinatorLocator locator, MemberConfig config) {
        return () -> {
            try {
                return ask(locator, config.name(), Ports.execution(config.network()), EXAMINED_NANOS);
            } catch (TimeoutException e) {
                throw new IOException("it has not answered within " + Format.duration(EXAMINED_NANOS), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("nobody waits for it any more", e);
            }
        };
    }

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
