package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.group.Membership;
import io.camure.wire.ChunkReader;
import io.camure.wire.SealedHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Members of a sealed session that were killed or have left, and go on listening with the keys that they had: 250 ms after
 * the coordinator knows that they are gone they can open nothing that is for all in a group.
 */
final class SimulatedEavesdroppers {

    private static final long GRACE_NANOS = MILLISECONDS.toNanos(250);
    private static final int MOST = 16;

    private final SimulatedNetwork network;
    private final FaultCounts counts;
    private final List<SimulatedMember> watched = new ArrayList<>();
    private final List<Eavesdropper> gone = new ArrayList<>();
    private final ProtocolCounters counters = new ProtocolCounters();
    private final ChunkReader chunk = new ChunkReader();
    private @Nullable SimulatedCoordinator coordinator;
    private long keyChanges;

    private record Eavesdropper(SimulatedMember member, long goneNanos) {}

    SimulatedEavesdroppers(SimulatedNetwork network, FaultCounts counts) {
        this.network = network;
        this.counts = counts;
    }

    /** A member is started. */
    void add(SimulatedMember member) {
        watched.add(member);
    }

    /** Sees who is gone, for the coordinator too. */
    void step(SimulatedCoordinator living) {
        if (living != coordinator) {
            coordinator = living;
            keyChanges = 0;
            // They have no key of this one.
            gone.clear();
        }
        for (Iterator<SimulatedMember> each = watched.iterator(); each.hasNext(); ) {
            SimulatedMember member = each.next();
            if (!member.isPresent()
                    && !isIn(living.barrier().memberships(), member)
                    && !isIn(living.broadcast().memberships(), member)
                    && !isIn(living.collective().memberships(), member)) {
                each.remove();
                gone.add(new Eavesdropper(member, network.nowNanos()));
            }
        }
        while (gone.size() > MOST) {
            gone.remove(0);
        }
        for (long changes = living.session().counters().keyChanges(); keyChanges < changes; keyChanges++) {
            counts.count(SimulatedFault.KEY_CHANGED);
        }
    }

    private static boolean isIn(List<Membership> memberships, SimulatedMember member) {
        return memberships.stream().anyMatch(each -> each.peer().incarnation() == member.number());
    }

    /** They listen to all that goes by multicast. */
    void onSent(InetSocketAddress destination, byte[] bytes) {
        ByteBuffer datagram = ByteBuffer.wrap(bytes);
        if (gone.isEmpty()
                || !destination.equals(SimulatedNetwork.MULTICAST)
                || SealedHeader.check(datagram) != null
                || SealedHeader.scope(datagram) != SealedHeader.Scope.GROUP) {
            return;
        }
        for (Eavesdropper each : gone) {
            counts.count(SimulatedFault.OVERHEARD);
            long end = Math.max(each.goneNanos(), network.resumedNanos(SimulatedCoordinator.ADDRESS)) + GRACE_NANOS;
            if (opens(each.member(), datagram) && network.nowNanos() > end) {
                throw new AssertionError(each.member() + " reads what is sent after it has gone");
            }
        }
    }

    private boolean opens(SimulatedMember member, ByteBuffer datagram) {
        Outbox answers = new Outbox(member.codec());
        return !member.codec().takes(SimulatedCoordinator.ADDRESS, datagram, answers, counters, network.nowNanos())
                && member.codec().open(SimulatedCoordinator.ADDRESS, datagram, chunk) == null;
    }
}
