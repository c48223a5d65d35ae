package io.camure.protocol.base;

import io.camure.wire.GroupDelivery;

/**
 * Whether a node hears what its coordinator sends by multicast; who does not is served by unicast.
 *
 * <p>A node that can tell which probes it heard is served by unicast until it has heard the first one, so that nothing waits
 * for that. It is deaf when it misses {@value #MISSED_PROBES} in a row although it speaks, and hears again after
 * {@value #ECHOES} in a row; each time that it gets deaf again it takes twice as many, so that a path which comes and goes
 * is left alone. Another node is taken to hear. Any of them is deaf, too, when {@value #UNHEARD} times in a row it answered
 * only what was sent to it alone.
 */
public final class Hearing {

    private static final int MISSED_PROBES = 2;
    private static final int ECHOES = 3;
    private static final int MOST_ECHOES = 24;
    private static final int UNHEARD = 3;

    /** A number that is farther from the current one is that of another incarnation's probe. */
    private static final int PROBES_REMEMBERED = 1 << 16;

    private final GroupDelivery delivery;
    private final boolean tellsProbes;
    private boolean hears;

    /** Whether it is deaf for all that is known, and not only unknown. */
    private boolean deaf;

    private boolean changed;
    private int lastHeardProbe;

    /** How many probes it has heard in a row. */
    private int echoes;

    /** How many of them it takes. */
    private int neededEchoes = 1;

    /** How often in a row it answered only what was sent to it alone. */
    private int unheard;

    /**
     * @param tellsProbes whether the node tells which probes it heard
     * @param probe the number of the last probe that it can't have heard
     */
    public Hearing(GroupDelivery delivery, boolean tellsProbes, int probe) {
        this.delivery = delivery;
        this.tellsProbes = tellsProbes;
        lastHeardProbe = probe;
        hears = delivery == GroupDelivery.MULTICAST || delivery == GroupDelivery.AUTO && !tellsProbes;
    }

    /** Whether it is served by multicast. */
    public boolean hears() {
        return hears;
    }

    /** Whether it ought to hear and does not. */
    public boolean isDeaf() {
        return deaf;
    }

    /** Whether it was ever deaf. */
    public boolean wasDeaf() {
        return neededEchoes > 1;
    }

    /** Whether a probe may show that it hears. */
    public boolean isUnknown() {
        return tellsProbes && !hears && !deaf && delivery == GroupDelivery.AUTO;
    }

    /**
     * The node has told which probe it heard last.
     *
     * @param heard its number, or 0 for none
     * @param current that of the last one that was sent
     */
    public void onTold(int heard, int current) {
        if (!tellsProbes || delivery != GroupDelivery.AUTO) {
            return;
        }
        int missed = current - heard;
        int further = heard - lastHeardProbe;
        if (heard != 0 && missed >= 0 && missed < PROBES_REMEMBERED && further > 0) {
            echoes = further == 1 ? echoes + 1 : 1;
            lastHeardProbe = heard;
        }
        if (current - lastHeardProbe > MISSED_PROBES) {
            // The last one that was sent may still be on its way.
            onDeaf();
        } else if (!hears && echoes >= neededEchoes) {
            hears = true;
            deaf = false;
            changed = true;
            unheard = 0;
        }
    }

    /** Something that went only to the multicast address has arrived. */
    public void onHeard() {
        unheard = 0;
    }

    /** Something that went to the multicast address was answered only when it was sent to the node alone. */
    public void onUnheard() {
        if (hears && delivery == GroupDelivery.AUTO && ++unheard >= UNHEARD) {
            onDeaf();
        }
    }

    private void onDeaf() {
        echoes = 0;
        if (!deaf) {
            neededEchoes = hears ? Math.min(MOST_ECHOES, Math.max(ECHOES, 2 * neededEchoes)) : ECHOES;
            hears = false;
            deaf = true;
            changed = true;
        }
    }

    /** Whether anything has changed since the last call. */
    public boolean takeChange() {
        if (!changed) {
            return false;
        }
        changed = false;
        return true;
    }
}
