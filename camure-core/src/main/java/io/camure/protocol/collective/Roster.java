package io.camure.protocol.collective;

import io.camure.wire.ChunkReader;
import io.camure.wire.CollectiveChunks;
import io.camure.wire.CollectiveChunks.Participant;
import io.camure.wire.NodeIdentity;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The last roster that a member has whole, and the one of which it has had pages. */
final class Roster {

    private int number;
    private List<NodeIdentity> nodes = List.of();
    private int rank = -1;

    private int nextNumber;
    private @Nullable Participant[] next = {};
    private int missing;

    /**
     * A page has come.
     *
     * @param memberId what the coordinator calls this member
     * @return whether it was of any use
     */
    boolean onPage(ChunkReader page, NodeIdentity coordinator, int memberId) {
        if (!CollectiveChunks.isWholePage(page)) {
            return false;
        }
        int ofNumber = CollectiveChunks.rosterOfPage(page);
        int size = CollectiveChunks.rosterSize(page);
        // One of an earlier roster is late: this member has said already that it has a later one.
        boolean late = ofNumber - number <= 0 || ofNumber - nextNumber < 0;
        if (late || ofNumber == nextNumber && size != next.length) {
            return false;
        }
        if (ofNumber != nextNumber) {
            nextNumber = ofNumber;
            next = new Participant[size];
            missing = size;
        }
        int at = page.sequence();
        for (Participant each : CollectiveChunks.participants(page, coordinator)) {
            if (at < size && next[at] == null) {
                next[at] = each;
                missing--;
            }
            at++;
        }
        if (missing == 0) {
            take(memberId);
        }
        return true;
    }

    private void take(int memberId) {
        number = nextNumber;
        List<Participant> whole =
                Arrays.stream(next).map(Objects::requireNonNull).toList();
        nodes = whole.stream().map(Participant::node).toList();
        rank = -1;
        for (int i = 0; i < whole.size(); i++) {
            if (whole.get(i).id() == memberId) {
                rank = i;
            }
        }
        next = new Participant[0];
    }

    /** The number of the last one that this member has whole; 0 when it has none. */
    int number() {
        return number;
    }

    List<NodeIdentity> nodes() {
        return nodes;
    }

    /** The rank of this member; -1 when it is not in it. */
    int rank() {
        return rank;
    }
}
