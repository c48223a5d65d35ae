package io.camure.protocol.round;

import io.camure.wire.NodeIdentity;
import java.util.List;

/**
 * Why a round has ended without what its participants have waited for.
 *
 * @param cause what kind of end it was
 * @param nodes who was lost, with a reset also who had not arrived; with a mismatch who has called something; of many, some
 * @param calls with a mismatch, what each of these has called
 * @param detail what has failed, for people; empty but with a failure
 */
public record RoundBreak(Cause cause, List<NodeIdentity> nodes, List<String> calls, String detail) {

    /** The kinds of ends; on the wire by their order. */
    public enum Cause {
        /** A member was lost, whether it had arrived or not. */
        MEMBER_LOST,
        /** The coordinator's application wanted it. */
        RESET,
        /** Not all have called the same. */
        MISMATCH,
        /** What they gave has no result. */
        FAILED;

        private static final Cause[] ALL = values();

        /** The cause of a number on the wire; that of a loss for one that is not known. */
        public static Cause of(int wireValue) {
            return wireValue < ALL.length ? ALL[wireValue] : MEMBER_LOST;
        }
    }

    public RoundBreak(Cause cause, List<NodeIdentity> missing) {
        this(cause, missing, List.of(), "");
    }
}
