package io.camure.protocol.round;

import io.camure.wire.NodeIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the last round at which a node has arrived has ended, for its application, which may look later than the next round
 * ends. That can only be a broken one, as no other ends without this node; it is kept until the node arrives again.
 */
public final class RoundOutcome {

    private long round;
    private int participants;
    private List<NodeIdentity> lostMembers = List.of();
    private @Nullable RoundBreak broken;
    private byte @Nullable [] context;
    private long unseenRound;
    private @Nullable RoundBreak unseenBreak;

    RoundOutcome() {
        startBefore(0);
    }

    /** The first round that can end. */
    void startBefore(long first) {
        round = first - 1;
    }

    /** @param standsForIt in traces; {@code null} for nothing */
    void onEnd(
            long ended,
            boolean arrived,
            int participating,
            List<NodeIdentity> lost,
            @Nullable RoundBreak why,
            byte @Nullable [] standsForIt) {
        if (arrived) {
            round = ended;
            participants = participating;
            lostMembers = lost;
            broken = why;
            context = standsForIt;
        } else {
            unseenRound = ended;
            unseenBreak = why;
        }
    }

    /** The node arrives. Whether a round was broken meanwhile, which then is the one that it has arrived at. */
    boolean takeUnseenBreak() {
        if (unseenBreak == null) {
            return false;
        }
        round = unseenRound;
        participants = 0;
        lostMembers = List.of();
        broken = unseenBreak;
        context = null;
        unseenBreak = null;
        return true;
    }

    public long round() {
        return round;
    }

    /** How many took part, the coordinator included; 0 when that is not known or the round was broken. */
    public int participants() {
        return broken == null ? participants : 0;
    }

    /** Which members were lost since the round before; known at the coordinator only. */
    public List<NodeIdentity> lostMembers() {
        return lostMembers;
    }

    /** What stands for the round in traces; {@code null} when nothing does. */
    public byte @Nullable [] context() {
        return context;
    }

    /** Why the round was broken, or {@code null} when all participants have arrived. */
    public @Nullable RoundBreak broken() {
        return broken;
    }
}
