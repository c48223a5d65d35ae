package io.camure.doctor;

import io.camure.wire.ChunkReader;
import io.camure.wire.EchoFlag;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The echoes that a visit has asked for, by their numbers. */
final class Echoes {

    private final Map<Integer, Echo> all = new HashMap<>();
    private int nextNumber;

    /** The least time to live with which an answer to this node alone came, or -1 where that is not told. */
    private int hopLimit = -1;

    /** @param firstNumber another one than that of another doctor, whose answers by multicast come here, too */
    Echoes(int firstNumber) {
        nextNumber = firstNumber;
    }

    Echo begin(long nowNanos) {
        Echo echo = new Echo(nextNumber++, nowNanos);
        all.put(echo.number, echo);
        return echo;
    }

    /**
     * An answer has come, maybe to somebody else.
     *
     * @param itsHopLimit the time to live with which it came; negative where that is not told
     */
    void onAnswer(ChunkReader answer, int itsHopLimit, long nowNanos) {
        Echo echo = all.get(answer.number());
        if (echo == null) {
            return;
        }
        echo.onAnswer(answer, nowNanos);
        // What is sent to all leaves with a time to live of its own.
        if (!answer.isSet(EchoFlag.BY_MULTICAST) && itsHopLimit >= 0) {
            hopLimit = hopLimit < 0 ? itsHopLimit : Math.min(hopLimit, itsHopLimit);
        }
    }

    /** How many routers the answers have passed; {@code null} where that can't be told. */
    @Nullable
    Hops hops() {
        return hopLimit < 0 ? null : Hops.of(hopLimit);
    }
}
