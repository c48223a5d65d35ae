package io.camure.protocol.collective;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.Hearing;
import io.camure.protocol.base.Nonces;
import io.camure.protocol.base.Path;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.group.MemberLink;
import io.camure.protocol.window.MessageAudience;
import io.camure.protocol.window.MessageFeed;
import io.camure.protocol.window.Receiver;
import io.camure.protocol.window.SendWindow;
import io.camure.protocol.window.StreamSettings;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkReader;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import io.camure.wire.StreamDirection;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The uplink of a member: its values that are too long for a chunk on their way to the coordinator, one at a time. A send window
 * whose audience is the coordinator, made for the first of them.
 *
 * <p>What the coordinator has room for at first is a share of what a socket buffer of the least size that Linux gives holds, so that
 * all members may begin at once; its reports say more. Datagrams are as long as Ethernet takes them, and as any network does once
 * longer ones do not get there.
 */
final class UplinkSending extends MessageAudience {

    /** How many chunks are kept. */
    static final int WINDOW_CHUNKS = 128;

    /** How many chunks may be on their way before the coordinator has said anything: of all members, and of one. */
    private static final int FIRST_CHUNKS_OF_ALL = 512;

    private static final int MOST_FIRST_CHUNKS = 64;
    private static final int LEAST_FIRST_CHUNKS = Uplinks.LEAST_CHUNKS;

    /** The header of IPv6 is so much longer than that of IPv4. */
    private static final int IPV6_BYTES = 20;

    /**
     * Who has taken chunks of somebody else can't prove any more what it has: after this time without a report that is proven, the value
     * begins anew, under other numbers.
     */
    private static final long DISBELIEF_NANOS = SECONDS.toNanos(1);

    /** Whether the coordinator is there is found out by the session, and nobody else waits for it. */
    private static final long PATIENCE_NANOS = DAYS.toNanos(1);

    private final int membership;
    private final MemberLink link;
    private int group;
    private int epoch;
    private @Nullable SendWindow window;
    private @Nullable MessageFeed feed;
    private byte[] value = {};
    private int firstChunks;
    private long firstSequence;
    private int datagramBytes = Integer.MAX_VALUE;

    /** Whether a chunk does not get there, which may be because of its length. */
    private boolean stuck;

    UplinkSending(int membership, MemberLink link) {
        this.membership = membership;
        this.link = link;
    }

    /** The member is in a group. */
    void onWelcome(int id, long itsEpoch) {
        group = id;
        epoch = (int) itsEpoch;
    }

    /**
     * Begins with a value in place of the one before, which is to be announced by {@link #firstSequence} before anything of it is
     * sent.
     *
     * @param bytes which must not change
     * @param participants how many nodes may send as much now, or 0 when that is not known
     */
    void begin(byte[] bytes, int participants, long nowNanos) {
        value = bytes;
        int share = participants == 0 ? LEAST_FIRST_CHUNKS : FIRST_CHUNKS_OF_ALL / participants;
        firstChunks = Math.max(LEAST_FIRST_CHUNKS, Math.min(MOST_FIRST_CHUNKS, share));
        begin(nowNanos);
    }

    private void begin(long nowNanos) {
        SendWindow to = window;
        if (to == null) {
            to = createWindow();
            window = to;
            feed = new MessageFeed(to);
        }
        leave(to, nowNanos);
        stuck = false;
        firstSequence = to.nextSequence();
        Receiver coordinator = new Receiver(
                link.coordinator(),
                new Receiver.Traits(true, ChunkHeader.NONCED, false, firstChunks, Integer.MAX_VALUE),
                new Receiver.Reachability(
                        new Hearing(GroupDelivery.UNICAST, false, 0),
                        new Path(PathSizes.given(Math.min(datagramBytes, usualBytes())), false, 0, nowNanos)),
                firstSequence,
                to.receipts().passedNonces(firstSequence));
        coordinator.confirm(nowNanos);
        receivers.add(coordinator);
        destinations.add(link.settings().coordinatorAddress());
        to.onAudienceChanged(nowNanos);
        feed().begin(value, value.length);
    }

    private SendWindow createWindow() {
        SendWindow created = new SendWindow(
                this,
                new StreamSettings(
                        StreamDirection.UP,
                        group,
                        membership,
                        0,
                        // Who does not see what this node says does not know its incarnation.
                        Nonces.of(link.incarnation(), membership),
                        WINDOW_CHUNKS,
                        usualBytes() - link.outbox().overheadBytes(),
                        PATIENCE_NANOS),
                link.outbox(),
                link.counters());
        if (link.roundTrip().smoothedNanos() >= 0) {
            created.onRoundTrip(link.roundTrip().smoothedNanos());
        }
        return created;
    }

    /** The longest datagram that the network is expected to take, and the session. */
    private int usualBytes() {
        boolean ipv6 = link.settings().coordinatorAddress().getAddress() instanceof Inet6Address;
        int ethernetBytes = ipv6 ? PathSizes.ETHERNET_BYTES - IPV6_BYTES : PathSizes.ETHERNET_BYTES;
        int bytes = Math.min(ethernetBytes, link.chunkBytes() + link.outbox().overheadBytes());
        int interfaceBytes = link.settings().interfaceBytes();
        return interfaceBytes > 0 ? Math.min(bytes, interfaceBytes) : bytes;
    }

    /** The longest chunk that is expected to get to the coordinator. */
    int chunkBytes() {
        return Math.min(datagramBytes, usualBytes()) - link.outbox().overheadBytes();
    }

    /** Datagrams don't get there, which may be because of their length. */
    void shorten() {
        datagramBytes = PathSizes.LEAST_BYTES;
    }

    private MessageFeed feed() {
        return Objects.requireNonNull(feed);
    }

    /** The number of the first chunk of the value that was begun last. */
    long firstSequence() {
        return firstSequence;
    }

    /** Sends what the coordinator has room for; it was told of the value. */
    void send(long nowNanos) {
        feed().feed(nowNanos);
    }

    /** The coordinator does not need the value, or not any more. */
    void stop(long nowNanos) {
        SendWindow to = window;
        if (to != null) {
            value = new byte[0];
            leave(to, nowNanos);
        }
    }

    /** What was written for nobody is done. */
    private void leave(SendWindow to, long nowNanos) {
        feed().stop();
        receivers.clear();
        destinations.clear();
        to.onAudienceChanged(nowNanos);
    }

    /** The coordinator has said what it has of a value. */
    void onStatus(ChunkReader report, long nowNanos) {
        SendWindow to = window;
        if (to == null || receivers.isEmpty()) {
            link.counters().onDropped(DropReason.DUPLICATE);
        } else if (report.membership() != membership || report.statusEpoch() != epoch) {
            link.counters().onDropped(DropReason.UNIDENTIFIED);
        } else {
            to.onStatusReport(receivers.get(0), report, nowNanos);
            feed().feed(nowNanos);
        }
    }

    /**
     * Does what is due.
     *
     * @return whether the value begins anew, maybe in shorter chunks, and is to be announced again
     */
    boolean onDeadline(long nowNanos) {
        SendWindow to = window;
        if (to == null || receivers.isEmpty()) {
            return false;
        }
        to.onDeadline(nowNanos);
        if (stuck) {
            shorten();
        }
        // Who has everything says nothing more that could be proven.
        boolean isThere = feed().isDone() && to.isDrained();
        boolean again = stuck
                || !isThere && nowNanos - DISBELIEF_NANOS >= receivers.get(0).disbelievedNanos();
        if (again) {
            begin(nowNanos);
        }
        return again;
    }

    long nextDeadlineNanos() {
        SendWindow to = window;
        return to == null || receivers.isEmpty() ? RetryTimer.NEVER : to.nextDeadlineNanos();
    }

    @Override
    public InetSocketAddress multicastAddress() {
        return link.settings().coordinatorAddress();
    }

    @Override
    public void onTooLong(Receiver receiver, int bytes) {
        stuck = true;
    }
}
