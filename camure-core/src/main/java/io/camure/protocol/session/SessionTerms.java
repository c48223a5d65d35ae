package io.camure.protocol.session;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.wire.ChunkReader;
import io.camure.wire.Extension;
import io.camure.wire.Term;
import java.net.InetSocketAddress;

/**
 * What a coordinator tells about its session in SessionWelcome, the same to every member.
 *
 * @param multicastAddress where group traffic goes
 * @param datagramBytes the largest datagram
 * @param heartbeatIntervalNanos how long a member may be silent before it sends a heartbeat
 * @param incarnation which incarnation of the coordinator this is; 0 from a legacy peer
 * @param term in which the coordinator was elected; 0 when nobody has elected it
 */
record SessionTerms(
        InetSocketAddress multicastAddress,
        int datagramBytes,
        long heartbeatIntervalNanos,
        long incarnation,
        long term) {

    static final int MAXIMUM_DATAGRAM_BYTES = 65507;

    /** A shorter one would have this node do nothing but send signs of life. */
    static final long MINIMUM_HEARTBEAT_NANOS = MILLISECONDS.toNanos(1);

    private static final int MINIMUM_DATAGRAM_BYTES = 508;
    private static final long MAXIMUM_HEARTBEAT_NANOS = HOURS.toNanos(1);

    static SessionTerms of(ChunkReader welcome) {
        Extension answer = welcome.extension();
        return new SessionTerms(
                welcome.multicastAddress(),
                welcome.chunkSizeBytes(),
                welcome.heartbeatIntervalNanos(),
                answer == null ? 0 : answer.incarnation(),
                answer == null ? 0 : Term.of(welcome));
    }

    /** Whether a member can live by them. */
    boolean isValid() {
        return multicastAddress.getAddress().isMulticastAddress()
                && multicastAddress.getPort() != 0
                && datagramBytes >= MINIMUM_DATAGRAM_BYTES
                && datagramBytes <= MAXIMUM_DATAGRAM_BYTES
                && heartbeatIntervalNanos >= MINIMUM_HEARTBEAT_NANOS
                && heartbeatIntervalNanos <= MAXIMUM_HEARTBEAT_NANOS;
    }

    /**
     * Whether a member that has agreed to other terms is in another session than this one. A legacy coordinator gives no
     * incarnation, but keeps to its heartbeat interval.
     */
    boolean isOfAnotherSessionThan(SessionTerms agreed) {
        return !multicastAddress.equals(agreed.multicastAddress)
                || datagramBytes != agreed.datagramBytes
                || incarnation != agreed.incarnation
                || incarnation == 0 && heartbeatIntervalNanos != agreed.heartbeatIntervalNanos;
    }
}
