package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.IdTable;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The links of a coordinator: one to each address by which it speaks, and those that are half open, as who has asked for them
 * has not shown yet that it has the keys. A join that was recorded and is sent again opens half a link and no more.
 */
final class Links {

    /** More than 256 handshakes on their way are an attack, or wait for their turn. */
    static final int MOST_HALF_OPEN = 256;

    private static final int IDS = 1 << 16;

    /** A member confirms a link within a round trip. */
    private static final long HALF_OPEN_NANOS = SECONDS.toNanos(5);

    /** What is half open for so long may be displaced. */
    private static final long DISPLACED_NANOS = SECONDS.toNanos(1);

    private final int mostLinks;
    private final long idleNanos;
    private final IdTable<Link> byId = new IdTable<>();
    private final Map<InetSocketAddress, Link> byAddress = new HashMap<>();
    private final Map<Request, Link> halfOpen = new LinkedHashMap<>();
    private int lastId;

    /** No link has to be forgotten before this time. */
    private long checkNanos = RetryTimer.NEVER;

    /** Somebody else may send a copy of a join first. */
    private record Request(ByteBuffer message, InetSocketAddress source) {}

    /**
     * @param maximumMembers how many nodes may be in the session
     * @param idleNanos how long nothing may have been opened before a link is forgotten
     */
    Links(int maximumMembers, long idleNanos) {
        // Each may ask anew before its last link is forgotten.
        mostLinks = Math.min(2 * maximumMembers + MOST_HALF_OPEN, IDS - 1);
        this.idleNanos = idleNanos;
    }

    @Nullable
    Link find(int id) {
        return byId.find(id);
    }

    /** The link by which a node is spoken to. */
    @Nullable
    Link at(InetSocketAddress address) {
        return byAddress.get(address);
    }

    /** The link that a message has asked for before, if it is half open or in use. */
    @Nullable
    Link askedBy(ByteBuffer request, InetSocketAddress source) {
        Link open = byAddress.get(source);
        return open != null && open.request().equals(request) ? open : halfOpen.get(new Request(request, source));
    }

    /** Makes room for one more link that is half open; whether there is any. */
    boolean makeRoom(ProtocolCounters counters, long nowNanos) {
        if (halfOpen.size() >= MOST_HALF_OPEN) {
            Link oldest = halfOpen.values().iterator().next();
            if (nowNanos - oldest.lastOpenedNanos() < DISPLACED_NANOS) {
                return false;
            }
            halfOpen.remove(requestOf(oldest));
            byId.remove(oldest.id());
            counters.onHandshake(HandshakeOutcome.ABANDONED);
        }
        return byId.all().size() < mostLinks;
    }

    /** An id that no link has, 1…65535, for the next one; there is room. */
    int nextId() {
        do {
            lastId = lastId % (IDS - 1) + 1;
        } while (byId.find(lastId) != null);
        return lastId;
    }

    void addHalfOpen(Link link) {
        byId.put(link.id(), link);
        halfOpen.put(requestOf(link), link);
        checkNanos = Math.min(checkNanos, endNanos(link));
    }

    /**
     * Something was opened for the first time: the node has the keys, and is spoken to by this link from now on.
     *
     * @return the link by which it was spoken to before, if there was one
     */
    @Nullable
    Link confirm(Link link) {
        forgetUntil(link);
        Link earlier = byAddress.put(link.address(), link);
        if (earlier != null) {
            byId.remove(earlier.id());
        }
        return earlier;
    }

    /** What a node asked for before the link that it uses now would take the place of that if it were late. */
    private void forgetUntil(Link confirmed) {
        Iterator<Link> oldestFirst = halfOpen.values().iterator();
        while (oldestFirst.hasNext()) {
            Link link = oldestFirst.next();
            if (link == confirmed) {
                oldestFirst.remove();
                return;
            } else if (link.address().equals(confirmed.address())) {
                oldestFirst.remove();
                byId.remove(link.id());
            }
        }
    }

    private static Request requestOf(Link link) {
        return new Request(link.request(), link.address());
    }

    private long endNanos(Link link) {
        return link.lastOpenedNanos() + (link.isConfirmed() ? idleNanos : HALF_OPEN_NANOS);
    }

    /** Nobody could be heard for a while, and so that time does not count. */
    void excuse(long nanos, long nowNanos) {
        byId.all().forEach(link -> link.excuse(nanos, nowNanos));
    }

    /**
     * Forgets the keys of who is gone.
     *
     * @param forgotten takes the links that were in use
     */
    void onDeadline(ProtocolCounters counters, Consumer<Link> forgotten, long nowNanos) {
        if (nowNanos < checkNanos) {
            return;
        }
        checkNanos = RetryTimer.NEVER;
        for (Link link : List.copyOf(byId.all())) {
            if (endNanos(link) <= nowNanos) {
                byId.remove(link.id());
                if (halfOpen.remove(requestOf(link), link)) {
                    counters.onHandshake(HandshakeOutcome.ABANDONED);
                }
                if (byAddress.remove(link.address(), link)) {
                    forgotten.accept(link);
                }
            } else {
                checkNanos = Math.min(checkNanos, endNanos(link));
            }
        }
    }

    long nextDeadlineNanos() {
        return checkNanos;
    }
}
