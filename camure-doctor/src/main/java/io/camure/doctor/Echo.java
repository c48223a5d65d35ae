package io.camure.doctor;

import io.camure.wire.ChunkReader;
import io.camure.wire.EchoFlag;

/** A request and its answer, if there is one. */
final class Echo {

    final int number;
    final long sentNanos;
    private long roundTripNanos = -1;
    private boolean byMulticast;
    private boolean listens;

    Echo(int number, long sentNanos) {
        this.number = number;
        this.sentNanos = sentNanos;
    }

    void onAnswer(ChunkReader answer, long nowNanos) {
        if (!isAnswered()) {
            roundTripNanos = nowNanos - sentNanos;
            byMulticast = answer.isSet(EchoFlag.BY_MULTICAST);
            listens = answer.isSet(EchoFlag.LISTENS);
        }
    }

    boolean isAnswered() {
        return roundTripNanos >= 0;
    }

    boolean isHeardByMulticast() {
        return isAnswered() && byMulticast;
    }

    /** Whether the other side also takes what is sent to the multicast address. */
    boolean listens() {
        return listens;
    }

    long roundTripNanos() {
        return roundTripNanos;
    }
}
