package io.camure.simulation;

import io.camure.CamureException;
import io.camure.MemberListener;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Listeners are told of a loss, then that it is over, then of the next one; groups while there is a session. */
final class ListenersInTurn implements Invariant {

    static final String SESSIONS_LOST = "sessions lost";
    static final String SESSIONS_REGAINED = "sessions regained";
    static final String GROUPS_LOST = "groups lost";
    static final String GROUPS_REGAINED = "groups regained";

    private final Counts counts;
    private final Trace trace;
    private String violation;

    ListenersInTurn(Counts counts, Trace trace) {
        this.counts = counts;
        this.trace = trace;
    }

    /** What is to be told of one life of a member. */
    MemberListener at(MemberSite site) {
        return new Turns(site);
    }

    private final class Turns implements MemberListener {

        private final MemberSite site;
        private final Set<Integer> lostGroups = new HashSet<>();
        private boolean lost;

        private Turns(MemberSite site) {
            this.site = site;
        }

        private void told(String what, boolean inTurn) {
            trace.say(site, "told: " + what);
            if (!inTurn && violation == null) {
                violation = site + " was told out of turn: " + what;
            }
        }

        @Override
        public void coordinatorLost(CamureException why) {
            counts.count(SESSIONS_LOST);
            told("coordinator lost: " + why.getMessage(), !lost);
            lost = true;
        }

        @Override
        public void coordinatorRegained(Duration outage) {
            counts.count(SESSIONS_REGAINED);
            told("coordinator regained", lost);
            lost = false;
        }

        @Override
        public void groupLost(int group, CamureException why) {
            counts.count(GROUPS_LOST);
            site.onLoss(group);
            told("group " + group + " lost: " + why.getMessage(), lostGroups.add(group));
        }

        @Override
        public void groupRegained(int group, Duration outage) {
            counts.count(GROUPS_REGAINED);
            told("group " + group + " regained", lostGroups.remove(group) && !lost);
        }
    }

    @Override
    public String violation(long nowNanos) {
        return violation;
    }
}
