package io.camure.protocol.collective;

import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.Membership;
import io.camure.wire.CollectiveChunks;
import io.camure.wire.NodeIdentity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who takes part in the current round, by rank, and the roster that lists them. Found anew only when nodes have come or gone since the
 * round before, so that rounds cost nothing for it.
 */
final class Participants {

    private final GroupContext group;

    /** That of the coordinator; {@code null} when it takes no part. */
    private @Nullable Contribution coordinator;

    /** Those that had arrived at the current round and are in the group no more: as many as the session may have members. */
    private final List<Contribution> gone = new ArrayList<>();

    /** Whether there were more of them. */
    private boolean tooManyGone;

    private List<Contribution> ranked = new ArrayList<>();
    private List<NodeIdentity> nodes = List.of();
    private List<CollectiveChunks.Participant> roster = List.of();
    private int rosterNumber;
    private boolean changed = true;

    Participants(GroupContext group) {
        this.group = group;
    }

    /** @param its {@code null} when it takes no part */
    void setCoordinator(@Nullable Contribution its) {
        coordinator = its;
        changed = true;
    }

    void onMembershipsChanged() {
        changed = true;
    }

    /** One that had arrived is in the group no more: what it has brought counts. */
    void onGone(Contribution arrived) {
        if (gone.size() < group.link().settings().maximumMembers()) {
            gone.add(arrived);
        } else {
            tooManyGone = true;
        }
    }

    /** Whether not all is kept that was brought to the current round by those who are gone. */
    boolean areTooManyGone() {
        return tooManyGone;
    }

    /**
     * A node arrives. If it had arrived before in an earlier membership, that does not count any more, whatever id the session
     * has given it since.
     */
    void onArrived(Contribution arrived) {
        if (!gone.isEmpty()) {
            gone.removeIf(earlier ->
                    earlier.participant().node().equals(arrived.participant().node()));
        }
    }

    boolean areAnyGone() {
        return !gone.isEmpty();
    }

    void onNextRound() {
        tooManyGone = false;
        if (!gone.isEmpty()) {
            gone.clear();
            changed = true;
        }
    }

    /** All have arrived: who they are. */
    void settle() {
        if (!changed) {
            return;
        }
        changed = false;
        List<Contribution> now = new ArrayList<>(gone);
        for (Membership membership : group.memberships()) {
            if (membership.isMember()) {
                now.add(Contribution.of(membership));
            }
        }
        now.sort(Comparator.comparingLong(Contribution::admission));
        if (coordinator != null) {
            now.add(0, coordinator);
        }
        if (!now.equals(ranked)) {
            ranked = now;
            roster = now.stream().map(Contribution::participant).toList();
            nodes = roster.stream().map(CollectiveChunks.Participant::node).toList();
            // 0 is that of who has none.
            rosterNumber = Math.max(1, rosterNumber + 1);
        }
    }

    /** By rank; for a loop by index. */
    List<Contribution> ranked() {
        return ranked;
    }

    /** By rank. */
    List<NodeIdentity> nodes() {
        return nodes;
    }

    List<CollectiveChunks.Participant> roster() {
        return roster;
    }

    int rosterNumber() {
        return rosterNumber;
    }

    /** Whether somebody who is to be told has yet to learn the roster. */
    boolean isRosterNew() {
        for (int i = 0; i < ranked.size(); i++) {
            Contribution each = ranked.get(i);
            if (each != coordinator && each.knownRoster() != rosterNumber) {
                return true;
            }
        }
        return false;
    }
}
