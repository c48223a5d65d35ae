package io.camure.protocol.session;

import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.group.MemberSettings;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.Term;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a member out of the session of a coordinator that was replaced: one whose term is lower than one that the member has
 * seen. It may have been stopped for long, or cut off from whoever elects, and not know it. And out of one whose term nobody can have come
 * to by elections: the member would refuse all others for it.
 */
final class TermRefusals {

    private TermRefusals() {}

    /** Why a member can't be in the session that it is welcomed to, or {@code null} when that is no reason. Counts it. */
    static @Nullable Disconnection read(
            SessionTerms told, @Nullable Extension answer, MemberSettings member, ProtocolCounters counters) {
        String name = answer == null ? "" : answer.name();
        String coordinator = "the coordinator " + Format.node(name, member.coordinatorAddress());
        if (!Term.isPlausible(told.term(), member.lowestTerm())) {
            counters.onDropped(DropReason.IMPLAUSIBLE_TERM);
            return new Disconnection(
                    Disconnection.Cause.IMPLAUSIBLE_TERM,
                    coordinator + " is of term " + told.term()
                            + ", which can't have come by elections: the last one that this node knows of is "
                            + member.lowestTerm()
                            + ". Close that coordinator, and see what has given it the term. If the term is right, restart this node");
        } else if (told.term() >= member.lowestTerm()) {
            return null;
        }
        counters.onDropped(DropReason.EARLIER_TERM);
        String itsTerm = told.term() == 0 ? "tells no term" : "is of term " + told.term();
        return new Disconnection(
                Disconnection.Cause.EARLIER_TERM,
                coordinator + " " + itsTerm + ", and this node was in a session of term " + member.lowestTerm()
                        + ": it was replaced, or what counts the terms has lost its count. Close that coordinator, so that another node is elected: one that"
                        + " has seen the higher term begins the next one above it. Restart this node if the other is to coordinate all the same");
    }
}
