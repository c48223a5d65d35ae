package io.camure.node;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.FencedSession;
import io.camure.runtime.ParkingLot;
import io.camure.runtime.SessionDriver;
import io.camure.transport.Execution;

/**
 * The goodbye of a coordinator that hands over. Nobody answers it, and one that is lost on the way would cost a member the coordinator
 * timeout, so that it is said a few times, with pauses in between that a full queue may need to drain.
 */
final class Farewell {

    private static final int TIMES = 3;
    private static final long PAUSE_NANOS = MILLISECONDS.toNanos(10);

    private Farewell() {}

    /** Takes 20 ms, unless nobody is there to be told. An interrupt makes it shorter, and is kept. */
    static void say(FencedSession fenced, CoordinatorSession session, SessionDriver driver, Execution execution) {
        try {
            for (int said = 1; sayOnce(fenced, session, driver) && said < TIMES; said++) {
                new ParkingLot(execution).sleep(PAUSE_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether there is somebody to be told */
    private static boolean sayOnce(FencedSession fenced, CoordinatorSession session, SessionDriver driver) {
        return driver.execute(nowNanos -> {
            fenced.handOver(nowNanos);
            return session.peerCount() > 0;
        });
    }
}
