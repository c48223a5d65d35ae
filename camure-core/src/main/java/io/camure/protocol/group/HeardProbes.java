package io.camure.protocol.group;

import io.camure.wire.ChunkReader;
import io.camure.wire.Extension;
import io.camure.wire.PathChunks;
import io.camure.wire.PathReport;

/** The probes of the coordinator that have come to a member: by multicast, and of different lengths. */
public final class HeardProbes {

    private final int interfaceBytes;

    /** The probe by multicast that came last, and the last one that the coordinator was told of; 0 for none. */
    private int last;

    private int told;

    /** The last round of path probes, and how long the longest ones of it were. */
    private int round;

    private int unicastBytes;
    private int multicastBytes;
    private boolean asked;

    /** @param interfaceBytes the longest datagram that the network interface takes in one piece; 0 when that is not known */
    HeardProbes(int interfaceBytes) {
        this.interfaceBytes = interfaceBytes;
    }

    /**
     * A probe has come by multicast.
     *
     * @return whether it is the first one
     */
    public boolean onProbe(int number) {
        boolean first = last == 0;
        last = number;
        return first;
    }

    /** Whether the coordinator does not know which probe came last. */
    public boolean areOwed() {
        return told != last;
    }

    /**
     * A path probe has come.
     *
     * @param datagramBytes how long it was
     * @return whether the coordinator asks for a report of its round
     */
    boolean onPathProbe(ChunkReader probe, int datagramBytes) {
        boolean asks = PathChunks.asksForReport(probe);
        int newRound = probe.number();
        // A question is never older than what it is about, unless that is of an earlier incarnation of the coordinator.
        if (round == 0 || newRound - round > 0 || asks && newRound != round) {
            round = newRound;
            unicastBytes = 0;
            multicastBytes = 0;
        }
        asked = asks;
        if (newRound == round && !asks && PathChunks.isToGroup(probe)) {
            multicastBytes = Math.max(multicastBytes, datagramBytes);
        } else if (newRound == round && !asks) {
            unicastBytes = Math.max(unicastBytes, datagramBytes);
        }
        return asks;
    }

    /** Adds what a member tells of them to what it offers. */
    Extension addTo(Extension offer) {
        PathReport report = new PathReport(interfaceBytes, round, unicastBytes, multicastBytes, asked);
        return offer.withHeardProbe(last).withPath(report);
    }

    /** The coordinator is told now. */
    void onTold() {
        told = last;
        asked = false;
    }
}
