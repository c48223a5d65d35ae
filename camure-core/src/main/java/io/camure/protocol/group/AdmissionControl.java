package io.camure.protocol.group;

import io.camure.wire.NodeIdentity;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Which of those that wait are admitted to a group: whoever asks, or one for each accept. */
final class AdmissionControl {

    private final boolean automatic;
    private final Roster roster;

    /** Came in by an accept, and nobody has taken note of it. */
    private final Queue<NodeIdentity> accepted = new ArrayDeque<>();

    private int openAccepts;

    AdmissionControl(boolean automatic, Roster roster) {
        this.automatic = automatic;
        this.roster = roster;
    }

    /** Whether one more may be admitted: who was welcomed, or has come in without notice, is for one of the open accepts. */
    boolean isOpen() {
        return automatic || openAccepts > roster.welcomedCount() + accepted.size();
    }

    void onConfirmed(Membership member) {
        if (!automatic) {
            accepted.add(member.identity());
        }
    }

    void onRemoved(Membership removed) {
        accepted.remove(removed.identity());
    }

    void beginAccept() {
        openAccepts++;
    }

    void endAccept() {
        openAccepts--;
    }

    @Nullable
    NodeIdentity pollAccepted() {
        return accepted.poll();
    }
}
