package io.camure.protocol.session;

import io.camure.protocol.base.Hearing;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.Path;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.Peer;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The nodes that are in a session, by address: their ids, which incarnation each is, and whether they live. */
final class PeerTable {

    private static final int LARGEST_ID = (1 << 16) - 1;

    private final SessionSettings settings;
    private final ProtocolCounters counters;
    private final Map<InetSocketAddress, Peer> peers = new HashMap<>();
    private final BitSet ids = new BitSet();
    private int lastId;

    /** No peer can be dead before this time; set anew when it comes. */
    private long livenessCheckNanos = RetryTimer.NEVER;

    PeerTable(SessionSettings settings, ProtocolCounters counters) {
        this.settings = settings;
        this.counters = counters;
    }

    @Nullable
    Peer find(InetSocketAddress address) {
        return peers.get(address);
    }

    int size() {
        return peers.size();
    }

    Collection<Peer> all() {
        return peers.values();
    }

    /** Whether any node tells which probes it heard. */
    boolean needsProbes() {
        return peers.values().stream().anyMatch(peer -> peer.can(Capability.MULTICAST_PROBES));
    }

    /** Whether any of them knows of no long probes beside short ones. */
    boolean needsLongProbes() {
        return peers.values().stream()
                .anyMatch(peer -> peer.can(Capability.MULTICAST_PROBES) && !peer.can(Capability.PATH_PROBES));
    }

    /** Whether it has changed how a node is served, which is told of one that is or was deaf. */
    boolean noteHearing(Peer peer, Outbox outbox) {
        Hearing hearing = peer.hearing();
        boolean changed = hearing.takeChange();
        if (changed && hearing.hears()) {
            peer.path().onHearing();
        }
        if (changed && hearing.wasDeaf()) {
            outbox.tell(new SessionEvent.HearingChanged(peer.identity(), hearing.hears()));
        }
        return changed;
    }

    /** Some of them. */
    List<NodeIdentity> those(Predicate<Peer> wanted) {
        return peers.values().stream().filter(wanted).map(Peer::identity).toList();
    }

    /**
     * Takes a node in, or finds the one that is in already.
     *
     * @param probe the number of the last probe by multicast
     * @param offer understood, or {@code null} from a legacy peer, which may have the address of a negotiated one that is gone
     * @param onReplaced is given the node that had the address before, which is taken for lost
     * @return {@code null} when the node does not get in
     */
    @Nullable
    Peer admit(
            InetSocketAddress source, @Nullable Extension offer, int probe, long nowNanos, Consumer<Peer> onReplaced) {
        Peer peer = peers.get(source);
        long incarnation = Peer.incarnationOf(offer);
        List<Long> predecessors = List.of();
        if (peer != null && peer.incarnation() != incarnation) {
            if (peer.hasSucceeded(incarnation)) {
                counters.onDropped(DropReason.EARLIER_INCARNATION);
                return null;
            }
            predecessors = peer.predecessorsOfNext();
            remove(peer);
            onReplaced.accept(peer);
            peer = null;
        }
        if (peer == null) {
            if (peers.size() >= settings.maximumMembers()) {
                counters.onDropped(DropReason.SESSION_FULL);
                return null;
            }
            boolean tellsProbes = offer != null && Capability.MULTICAST_PROBES.isIn(offer.capabilities());
            Hearing hearing = new Hearing(settings.delivery(), tellsProbes, probe - 1);
            peer = new Peer(source, nextId(), hearing, pathOf(offer, nowNanos), predecessors, nowNanos);
            peers.put(source, peer);
            livenessCheckNanos = Math.min(livenessCheckNanos, nowNanos + settings.memberTimeoutNanos());
        }
        peer.onOffer(offer);
        if (offer != null) {
            peer.hearing().onTold(offer.heardProbe(), probe);
        }
        return peer;
    }

    private Path pathOf(@Nullable Extension offer, long nowNanos) {
        if (offer == null || !Capability.PATH_PROBES.isIn(offer.capabilities())) {
            return new Path(settings.pathSizes(), false, 0, nowNanos);
        }
        return new Path(settings.pathSizes(), true, offer.path().interfaceBytes(), nowNanos);
    }

    /** Whether a node is not in the session and can't get in, since there are as many as there may be. */
    boolean isFullFor(InetSocketAddress source) {
        return peers.size() >= settings.maximumMembers() && !peers.containsKey(source);
    }

    /** The next one in turn, so that a member that was forgotten meanwhile sees by another id that it was. */
    private int nextId() {
        int free = ids.nextClearBit(lastId + 1);
        lastId = free <= LARGEST_ID ? free : ids.nextClearBit(1);
        ids.set(lastId);
        return lastId;
    }

    void remove(Peer peer) {
        peers.remove(peer.address());
        ids.clear(peer.id());
    }

    /** Nobody could be heard for a while, and so that time does not count. */
    void excuse(long nanos, long nowNanos) {
        peers.values().forEach(peer -> peer.excuse(nanos, nowNanos));
    }

    /** Gives back who has not been heard for the member timeout. */
    List<Peer> findDead(long nowNanos) {
        if (nowNanos < livenessCheckNanos) {
            return List.of();
        }
        List<Peer> dead = new ArrayList<>();
        livenessCheckNanos = RetryTimer.NEVER;
        for (Peer peer : peers.values()) {
            long deathNanos = peer.lastHeardNanos() + settings.memberTimeoutNanos();
            if (deathNanos <= nowNanos) {
                dead.add(peer);
            } else {
                livenessCheckNanos = Math.min(livenessCheckNanos, deathNanos);
            }
        }
        return dead;
    }

    long nextDeadlineNanos() {
        return livenessCheckNanos;
    }
}
