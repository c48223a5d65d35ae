package io.camure.test;

import java.util.concurrent.atomic.LongAdder;

/** What a network has done to datagrams. */
final class DatagramCounters {

    final LongAdder delivered = new LongAdder();
    final LongAdder lost = new LongAdder();
    final LongAdder duplicated = new LongAdder();
    final LongAdder cut = new LongAdder();
    final LongAdder overflowed = new LongAdder();

    CamureTestNetwork.Datagrams snapshot() {
        return new CamureTestNetwork.Datagrams(
                delivered.sum(), lost.sum(), duplicated.sum(), cut.sum(), overflowed.sum());
    }
}
