package io.camure.protocol.barrier;

import io.camure.wire.NodeIdentity;
import java.util.List;

/**
 * Why a round has ended without all participants having arrived.
 *
 * @param cause what kind of end it was
 * @param missing who was lost, and with a reset who had not arrived; of many, some
 */
public record RoundBreak(Cause cause, List<NodeIdentity> missing) {

    /** The kinds of ends; on the wire by their order. */
    public enum Cause {
        /** A member was lost, whether it had arrived or not. */
        MEMBER_LOST,
        /** The coordinator's application wanted it. */
        RESET;

        static Cause of(int wireValue) {
            return wireValue == RESET.ordinal() ? RESET : MEMBER_LOST;
        }
    }
}
