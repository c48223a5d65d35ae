package io.camure.node.rejoin;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.CoordinatorLocator;
import io.camure.JoinTimeoutException;
import io.camure.MemberConfig;
import io.camure.node.group.Reminders;
import io.camure.node.session.HighestTerm;
import io.camure.node.session.MemberNode;
import io.camure.node.session.Ports;
import io.camure.node.session.SelfExamination;
import io.camure.protocol.base.Format;
import io.camure.runtime.ParkingLot;
import io.camure.transport.Execution;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a session at whichever candidate of a locator answers first.
 *
 * @param terms of the sessions that the node was in; one of a lower term is not joined
 */
public record SessionJoin(CoordinatorLocator locator, MemberConfig config, HighestTerm terms) {

    private static final Logger log = LoggerFactory.getLogger(SessionJoin.class);

    /**
     * How long the candidates of one try are asked. Coordinators that are there answer within a round trip; one that has
     * moved is found by the next try.
     */
    static final long TRY_NANOS = SECONDS.toNanos(1);

    /**
     * How many times as long a try takes once a coordinator has answered that admits by certificates: it has admitted a node after seven
     * round trips only, and each try begins anew.
     */
    static final int CERTIFIED_LENGTHENING = 3;

    /** Tries for as long as the join timeout says, at most once in {@link #TRY_NANOS}. */
    public MemberNode join() throws InterruptedException {
        Execution execution = Ports.execution(config.network());
        long deadlineNanos = execution.nanoTime() + config.joinTimeout().toNanos();
        Reminders reminders = new Reminders(execution.nanoTime());
        int reminded = 0;
        for (int tries = 1; ; tries++) {
            long startNanos = execution.nanoTime();
            long leftNanos = deadlineNanos - startNanos;
            try {
                return tryOnce(leftNanos < 2 * TRY_NANOS ? leftNanos : TRY_NANOS, leftNanos);
            } catch (JoinTimeoutException e) {
                // One more try would have no time left, and would hide why this one has failed.
                if (startNanos + TRY_NANOS - deadlineNanos >= 0 || execution.nanoTime() - deadlineNanos >= 0) {
                    throw finalFailure(e, tries);
                } else if (reminders.take(execution.nanoTime())) {
                    log.info("{} Tried {}, trying again.", e.getMessage(), times(tries));
                    if (++reminded == SelfExamination.REMINDERS_BEFORE) {
                        SelfExamination.onNotLetIn(locator, CandidateLookup.ofExaminer(locator, config), config);
                    }
                }
            }
            new ParkingLot(execution).sleep(startNanos + TRY_NANOS - execution.nanoTime());
        }
    }

    private JoinTimeoutException finalFailure(JoinTimeoutException last, int tries) {
        JoinTimeoutException failure = new JoinTimeoutException(
                last.getMessage() + " Tried " + times(tries) + " within " + Format.duration(config.joinTimeout()) + ".",
                last.reason().orElse(""));
        failure.addSuppressed(last);
        return failure;
    }

    private static String times(int tries) {
        return tries == 1 ? "once" : tries + " times";
    }

    /** Tries once, and waits for the locator's answer for as long as that takes. */
    MemberNode tryOnce(long timeoutNanos) throws InterruptedException {
        return tryOnce(timeoutNanos, Long.MAX_VALUE);
    }

    /**
     * @param lookupNanos how long the locator may take
     * @throws JoinTimeoutException when the next try may work
     */
    private MemberNode tryOnce(long timeoutNanos, long lookupNanos) throws InterruptedException {
        Execution execution = Ports.execution(config.network());
        long startNanos = execution.nanoTime();
        List<InetSocketAddress> candidates;
        try {
            candidates = CandidateLookup.ask(locator, config.name(), execution, lookupNanos);
        } catch (IOException e) {
            throw notFound(String.valueOf(e.getMessage()), e);
        } catch (TimeoutException e) {
            throw notFound("its locator has not answered", e);
        }
        long leftNanos = lookupNanos - (execution.nanoTime() - startNanos);
        return JoinTry.join(
                candidates,
                config,
                terms,
                Math.min(timeoutNanos, leftNanos),
                Math.min(CERTIFIED_LENGTHENING * timeoutNanos, leftNanos));
    }

    private JoinTimeoutException notFound(String why, Exception cause) {
        JoinTimeoutException failure = new JoinTimeoutException(
                config.name() + ": the coordinator's address can't be found out: " + why + ".");
        failure.addSuppressed(cause);
        return failure;
    }
}
