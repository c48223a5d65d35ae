package io.camure.protocol;

import io.camure.wire.Capability;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A node as the session sees it: an address, what it can do, and when it was heard. */
final class Peer {

    private final InetSocketAddress address;
    private final int id;
    private long lastHeardNanos;

    /** The run of a node that had the address before; 0 for none that we know of. */
    private final long predecessor;

    /** What it has offered; {@code null} for a 0.1 node. */
    private @Nullable Extension offer;

    /**
     * @param id 1…65535, unique in the session
     * @param predecessor the incarnation of the node that had the address before, or 0
     */
    Peer(InetSocketAddress address, int id, long predecessor, long nowNanos) {
        this.address = address;
        this.id = id;
        this.predecessor = predecessor;
        lastHeardNanos = nowNanos;
    }

    InetSocketAddress address() {
        return address;
    }

    int id() {
        return id;
    }

    long lastHeardNanos() {
        return lastHeardNanos;
    }

    void onHeard(long nowNanos) {
        lastHeardNanos = nowNanos;
    }

    /** It could not be heard for so long, whatever it said. */
    void excuse(long nanos, long nowNanos) {
        lastHeardNanos = Math.min(nowNanos, lastHeardNanos + nanos);
    }

    /** Which run of the node this is; 0 for a 0.1 node. */
    long incarnation() {
        return incarnationOf(offer);
    }

    static long incarnationOf(@Nullable Extension offer) {
        return offer == null ? 0 : offer.incarnation();
    }

    /** Whether an incarnation is that of a node which is known to be gone. */
    boolean hasSucceeded(long incarnation) {
        return incarnation != 0 && incarnation == predecessor;
    }

    void onOffer(@Nullable Extension made) {
        offer = made;
    }

    /** Whether the node has a capability, and so we use it towards it. */
    boolean can(Capability capability) {
        Extension made = offer;
        return made != null && capability.isIn(made.capabilities());
    }

    /** How many chunks of a broadcast the node keeps, or 0 when that is not known. */
    int windowChunks() {
        Extension made = offer;
        return made == null ? 0 : made.windowChunks();
    }

    /** What the node's sockets can hold, or 0 when that is not known. */
    int receiveBufferBytes() {
        Extension made = offer;
        return made == null ? 0 : made.receiveBufferBytes();
    }
}
