package io.camure.protocol.collective;

import static java.util.concurrent.TimeUnit.DAYS;

import io.camure.protocol.base.Nonces;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.Membership;
import io.camure.protocol.window.MessageAudience;
import io.camure.protocol.window.MessageFeed;
import io.camure.protocol.window.Receiver;
import io.camure.protocol.window.SendWindow;
import io.camure.protocol.window.StreamSettings;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkReader;
import io.camure.wire.DropReason;
import io.camure.wire.StreamDirection;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The results of a group that are too long for a release on their way to the participants of their rounds, one at a time. A send window
 * whose audience changes with each of them, made for the first.
 */
final class ResultSending extends MessageAudience {

    /** The smallest receive buffer that a node can be given holds 64 chunks of the usual size, with what the kernel takes for each. */
    private static final int LEAST_BUFFER_BYTES = 64 * (1472 + 832);

    /** Participants take a result at once; whether they are there is found out by the session. */
    private static final long PATIENCE_NANOS = DAYS.toNanos(1);

    private final GroupContext group;
    private final Nonces nonces;

    /** Those whom the result is for that was sent last; what the window knows of each is at the same place among the receivers. */
    private final List<Membership> participants = new ArrayList<>();

    private @Nullable SendWindow window;
    private @Nullable MessageFeed feed;

    ResultSending(GroupContext group, Nonces nonces) {
        this.group = group;
        this.nonces = nonces;
    }

    /** The number of the first chunk of the next result. */
    long nextSequence() {
        SendWindow to = window;
        return to == null ? 0 : to.nextSequence();
    }

    /**
     * Sends a result, of which all were told before. What was sent of the one before is here at all of them who are still in.
     *
     * @param bytes which must not change before all of them have it
     * @param length how many of them are the result, from the first one on
     * @param members the participants of the round
     */
    void send(byte[] bytes, int length, List<Membership> members, long nowNanos) {
        SendWindow to = window;
        if (to == null) {
            to = createWindow();
            window = to;
            feed = new MessageFeed(to);
        }
        leave(to, nowNanos);
        for (int i = 0; i < members.size(); i++) {
            add(members.get(i), to, nowNanos);
        }
        refresh();
        to.onAudienceChanged(nowNanos);
        if (!receivers.isEmpty()) {
            feed().begin(bytes, length);
            feed().feed(nowNanos);
        }
    }

    private SendWindow createWindow() {
        return new SendWindow(
                this,
                new StreamSettings(
                        StreamDirection.DOWN,
                        group.id(),
                        group.epoch(),
                        0,
                        nonces,
                        group.link().settings().windowChunks(),
                        group.link().chunkBytes(),
                        PATIENCE_NANOS),
                group.link().outbox(),
                group.link().counters());
    }

    private void add(Membership member, SendWindow to, long nowNanos) {
        long first = to.nextSequence();
        Receiver receiver = new Receiver(
                member.identity(),
                new Receiver.Traits(
                        true,
                        group.link().getsProofs(member) ? ChunkHeader.NONCED : ChunkHeader.TAGGED,
                        false,
                        ResultReceiving.WINDOW_CHUNKS,
                        Math.max(LEAST_BUFFER_BYTES, member.peer().receiveBufferBytes())),
                new Receiver.Reachability(member.peer().hearing(), member.peer().path()),
                first,
                to.receipts().passedNonces(first));
        receiver.confirm(nowNanos);
        participants.add(member);
        receivers.add(receiver);
    }

    /** Who has come since has no use for it, so that these are not the destinations of the group. */
    private void refresh() {
        destinations.clear();
        boolean heard = false;
        for (Membership member : participants) {
            if (!member.hears()) {
                destinations.add(member.address());
            } else if (!heard) {
                heard = true;
                destinations.add(multicastAddress());
            }
        }
    }

    private MessageFeed feed() {
        return Objects.requireNonNull(feed);
    }

    /** What was written for nobody is done. */
    private void leave(SendWindow to, long nowNanos) {
        feed().stop();
        participants.clear();
        receivers.clear();
        destinations.clear();
        to.onAudienceChanged(nowNanos);
    }

    /** A member is gone; {@link #onReachChanged} follows. */
    void forget(Membership member) {
        int at = participants.indexOf(member);
        if (at >= 0) {
            participants.remove(at);
            receivers.remove(at);
        }
    }

    /** Nodes are gone, or are reached otherwise than before. */
    void onReachChanged(long nowNanos) {
        SendWindow to = window;
        if (to != null) {
            refresh();
            to.onAudienceChanged(nowNanos);
            if (receivers.isEmpty()) {
                feed().stop();
            }
            feed().feed(nowNanos);
        }
    }

    /** A member has said what it has of a result. */
    void onStatus(Membership member, ChunkReader report, long nowNanos) {
        int at = participants.indexOf(member);
        SendWindow to = window;
        if (report.statusEpoch() != group.epoch()) {
            group.link().counters().onDropped(DropReason.UNIDENTIFIED);
        } else if (at < 0 || to == null) {
            group.link().counters().onDropped(DropReason.DUPLICATE);
        } else {
            to.onStatusReport(receivers.get(at), report, nowNanos);
            if (nowNanos - group.link().settings().memberTimeoutNanos()
                    >= receivers.get(at).disbelievedNanos()) {
                // It has taken what somebody else has sent, and can't ever prove again what it has.
                group.evict(member, DisconnectReason.UNPROVEN);
            }
            feed().feed(nowNanos);
        }
    }

    /** Somebody waits for all of them to have it. */
    void onStopped(long nowNanos) {
        SendWindow to = window;
        if (to != null) {
            to.onStopped(nowNanos);
        }
    }

    /** Whether all participants have the last result. */
    boolean isDrained() {
        SendWindow to = window;
        return to == null || to.isDrained() && feed().isDone();
    }

    void onDeadline(long nowNanos) {
        SendWindow to = window;
        if (to != null) {
            to.onDeadline(nowNanos);
        }
    }

    long nextDeadlineNanos() {
        SendWindow to = window;
        return to == null ? RetryTimer.NEVER : to.nextDeadlineNanos();
    }

    @Override
    public InetSocketAddress multicastAddress() {
        return group.link().settings().multicastAddress();
    }

    @Override
    public void onTooLong(Receiver receiver, int bytes) {
        group.link().outbox().tell(new SessionEvent.ChunkTooLong(group.id(), receiver.node(), bytes));
    }
}
