package io.camure.protocol.group;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Who of those that wait is let into a group when: whoever asks, or one for each accept; and only when the work allows it. */
public final class AdmissionControl {

    private final boolean automatic;
    private final Roster roster;
    private final GroupWork work;

    /** Came in by an accept, and nobody has taken note of it. */
    private final Queue<InetSocketAddress> accepted = new ArrayDeque<>();

    private int openAccepts;

    public AdmissionControl(boolean automatic, Roster roster, GroupWork work) {
        this.automatic = automatic;
        this.roster = roster;
        this.work = work;
    }

    public void admitWaiting(long nowNanos) {
        if (!roster.hasWaiting() || !work.mayAdmit()) {
            return;
        }
        boolean admitted = false;
        for (Membership participant : roster.waiting()) {
            if (!isOpen()) {
                break;
            }
            roster.admit(participant, work.nextSequence(), nowNanos);
            admitted = true;
        }
        if (admitted) {
            work.onRosterChanged(nowNanos);
        }
    }

    /** Whoever was welcomed, or has come in and was not taken note of, is for one of the open accepts. */
    private boolean isOpen() {
        return automatic || openAccepts > roster.welcomedCount() + accepted.size();
    }

    /** Whether somebody waits who is to be let in as soon as the work allows it. */
    public boolean wantsToAdmit() {
        return roster.hasWaiting() && isOpen();
    }

    public void onConfirmed(Membership participant) {
        if (!automatic) {
            accepted.add(participant.address());
        }
    }

    public void onRemoved(Membership participant) {
        accepted.remove(participant.address());
    }

    public void beginAccept() {
        openAccepts++;
    }

    public void endAccept() {
        openAccepts--;
    }

    @Nullable
    public InetSocketAddress pollAccepted() {
        return accepted.poll();
    }
}
