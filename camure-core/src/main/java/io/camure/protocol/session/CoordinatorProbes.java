package io.camure.protocol.session;

import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.Extension;
import io.camure.wire.ProbeMark;

/**
 * Which probes are those of the coordinator that a member is in the session of: those with the mark that only this coordinator
 * and the nodes which it has let in know. Builds from before that give no mark, and number their MulticastProbes from the upper half of
 * their incarnation on.
 */
final class CoordinatorProbes {

    /** How many probes a session sends in four years with the default heartbeat interval. */
    private static final int NUMBERED = 1 << 26;

    /** The same in 24 days: numbers that hardly anything else has. */
    private static final int SURELY_NUMBERED = 1 << 20;

    private long mark = ProbeMark.NONE;

    /** Of a coordinator from before marks; 0 as long as nothing is known of the coordinator, and for a legacy one. */
    private long incarnation;

    /** The coordinator has let this node in. */
    void onJoined(ChunkReader welcome) {
        Extension answer = welcome.extension();
        if (answer != null) {
            incarnation = answer.incarnation();
            mark = ProbeMark.toldIn(welcome);
        }
    }

    /** Whether a MulticastProbe or PathProbe may be one of the coordinator, as far as can be told. */
    boolean include(ChunkReader probe) {
        if (mark != ProbeMark.NONE) {
            return ProbeMark.of(probe) == mark;
        }
        return probe.type() == ChunkType.PATH_PROBE || isNumberedBehind(probe, NUMBERED);
    }

    /** Whether a MulticastProbe was certainly sent by the coordinator, whatever address it is from. */
    boolean reveal(ChunkReader probe) {
        return incarnation != 0
                && include(probe)
                && (mark != ProbeMark.NONE
                        || probe.type() == ChunkType.PATH_PROBE
                        || isNumberedBehind(probe, SURELY_NUMBERED));
    }

    private boolean isNumberedBehind(ChunkReader probe, int most) {
        int sent = probe.number() - (int) (incarnation >>> Integer.SIZE);
        return sent >= 0 && sent < most;
    }
}
