package io.camure.protocol.session;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.Peer;
import io.camure.wire.ChunkReader;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The groups that were closed and forgotten while not all of their members knew. */
final class ClosedGroups {

    private final List<ManagedGroup<?>> groups = new ArrayList<>();

    /** A group was closed. */
    void add(ManagedGroup<?> group) {
        if (!group.isCloseConfirmed()) {
            groups.add(group);
        }
    }

    /** A node has said that it is not in the group that a chunk names. */
    void onConfirmed(InetSocketAddress source, ChunkReader chunk) {
        for (int i = groups.size() - 1; i >= 0; i--) {
            ManagedGroup<?> closed = groups.get(i);
            if (closed.id() == chunk.group()) {
                closed.onCloseConfirmed(source, chunk.membership());
            }
            if (closed.isCloseConfirmed()) {
                groups.remove(i);
            }
        }
    }

    /** A node is not in the session any more. */
    void forget(Peer peer, Departure departure, @Nullable String reason, long nowNanos) {
        groups.forEach(group -> group.onPeerGone(peer, departure, reason, nowNanos));
        groups.removeIf(ManagedGroup::isCloseConfirmed);
    }

    void onDeadline(long nowNanos) {
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).onDeadline(nowNanos);
        }
    }

    long nextDeadlineNanos() {
        long next = RetryTimer.NEVER;
        for (int i = 0; i < groups.size(); i++) {
            next = Math.min(next, groups.get(i).nextDeadlineNanos());
        }
        return next;
    }
}
