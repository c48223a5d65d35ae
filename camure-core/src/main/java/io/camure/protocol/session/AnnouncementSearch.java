package io.camure.protocol.session;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.base.StateMachine;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Asks by multicast where the coordinator of the session of a name is, and takes the answers to that. */
public final class AnnouncementSearch implements StateMachine {

    private static final long FIRST_DELAY_NANOS = MILLISECONDS.toNanos(100);

    /** More coordinators of one name than there can be meant. */
    private static final int MAXIMUM_FOUND = 16;

    /** As long as the longest answer, which is given only to who asks in as many bytes. */
    private static final int QUERY_BYTES = 192;

    private final InetSocketAddress announcementAddress;
    private final Extension query;
    private final Outbox outbox = new Outbox(DatagramCodec.PLAIN);
    private final ProtocolCounters counters = new ProtocolCounters();
    private final ChunkReader chunk = new ChunkReader();
    private final RetryTimer timer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private final List<InetSocketAddress> found = new ArrayList<>();

    /**
     * @param announcementAddress where coordinators of that session listen
     * @param name of this node
     * @param random makes answers to others unfit for this node; unpredictable in a real session
     */
    public AnnouncementSearch(
            InetSocketAddress announcementAddress, String name, String sessionName, RandomGenerator random) {
        this.announcementAddress = announcementAddress;
        query = Extension.offer(Capability.ALL, 0, 0, random.nextLong() | 1)
                .withName(name)
                .withSessionName(sessionName);
    }

    /** Asks, and goes on asking. */
    public void start(long nowNanos) {
        ask();
        timer.start(nowNanos, FIRST_DELAY_NANOS);
    }

    private void ask() {
        ByteBuffer asked = outbox.control();
        ChunkWriter.session(asked, ChunkType.ANNOUNCEMENT_QUERY);
        query.write(asked);
        Extension.pad(asked, QUERY_BYTES);
        outbox.sendWritten(announcementAddress, asked);
    }

    @Override
    public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        DropReason reason = chunk.read(datagram);
        if (reason == null) {
            counters.onReceived(chunk.type());
            reason = refusal();
        }
        if (reason != null) {
            counters.onDropped(reason);
            return;
        }
        InetSocketAddress coordinator = announcedAddress(source);
        if (coordinator.getPort() == 0 || coordinator.getAddress().isMulticastAddress()) {
            counters.onDropped(DropReason.BAD_FIELD);
        } else if (!found.contains(coordinator) && found.size() < MAXIMUM_FOUND) {
            found.add(coordinator);
        }
    }

    /** A wildcard stands for the address that the announcement has come from. */
    private InetSocketAddress announcedAddress(InetSocketAddress source) {
        InetSocketAddress told = chunk.multicastAddress();
        return told.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(source.getAddress(), told.getPort())
                : told;
    }

    private @Nullable DropReason refusal() {
        Extension answer = chunk.extension();
        if (chunk.type() != ChunkType.ANNOUNCEMENT) {
            return DropReason.UNEXPECTED;
        } else if (answer == null || answer.echo() != query.incarnation()) {
            return DropReason.FOREIGN_SOURCE;
        } else if (!answer.sessionName().equals(query.sessionName())) {
            return DropReason.OTHER_SESSION;
        }
        return null;
    }

    /** Where coordinators have said they are, in the order of their answers. */
    public List<InetSocketAddress> found() {
        return List.copyOf(found);
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (timer.isDue(nowNanos)) {
            counters.onRetransmission();
            ask();
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return timer.deadlineNanos();
    }

    @Override
    public boolean answersOneByOne() {
        return false;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public ProtocolCounters counters() {
        return counters;
    }
}
