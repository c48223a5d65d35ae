package io.camure.benchmarks.peers;

import io.aeron.driver.ThreadingMode;
import io.camure.benchmarks.Settings;
import java.util.function.Supplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * What Aeron's documentation offers to choose from.
 *
 * @param threadingMode who runs the media driver
 * @param idleStrategy how its threads, and the application's, wait
 * @param windowBytes the initial window of a receiver
 * @param termBytes of a publication's terms; 0 for the default of 16 MiB
 * @param mtuBytes 0 for the default, 1,408
 */
record AeronSettings(
        ThreadingMode threadingMode,
        Supplier<IdleStrategy> idleStrategy,
        int windowBytes,
        int termBytes,
        int mtuBytes) {

    /** The wiki's page on performance testing has it. */
    private static final int WINDOW = 2 << 20;

    /** A message is at most an eighth of a term. */
    private static final int MESSAGES_A_TERM = 8;

    static AeronSettings of(Settings settings) {
        ThreadingMode mode = switch (settings.oneOf("invoker", "shared", "shared-network", "dedicated")) {
            case "shared" -> ThreadingMode.SHARED;
            case "shared-network" -> ThreadingMode.SHARED_NETWORK;
            case "dedicated" -> ThreadingMode.DEDICATED;
            default -> ThreadingMode.INVOKER;
        };
        Supplier<IdleStrategy> idle = switch (settings.oneOf("backoff", "yield", "spin")) {
            case "yield" -> YieldingIdleStrategy::new;
            case "spin" -> BusySpinIdleStrategy::new;
            default -> BackoffIdleStrategy::new;
        };
        return new AeronSettings(
                mode,
                idle,
                settings.bytesAfter("window-", () -> WINDOW),
                settings.bytesAfter("term-", () -> 0),
                settings.bytesAfter("mtu-", () -> 0));
    }

    /** Whether a message of so many bytes can be sent. */
    boolean canSend(int bytes) {
        return termBytes == 0 || bytes <= termBytes / MESSAGES_A_TERM;
    }
}
