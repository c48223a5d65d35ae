package io.camure.protocol.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Hearing;
import io.camure.protocol.base.Nonces;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.Path;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupDelivery;
import io.camure.wire.NodeIdentity;
import io.camure.wire.ReceiptProof;
import io.camure.wire.StreamDirection;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Messages from one node to another, each in windows at both sides, over a network in virtual time that loses, doubles and reorders. */
final class Transfer extends MessageAudience implements Sender {

    static final int CHUNK_BYTES = 508;
    static final int PAYLOAD_BYTES = CHUNK_BYTES - ChunkHeader.NONCED.bytes();
    static final int WINDOW_CHUNKS = 128;

    private static final int GROUP = 7;
    private static final int MEMBERSHIP = 0x5EED5EED;
    private static final long DELAY_NANOS = 50_000;
    private static final InetSocketAddress FROM = new InetSocketAddress("10.0.0.1", 7400);
    private static final InetSocketAddress TO = new InetSocketAddress("10.0.0.2", 7400);

    final ProtocolCounters counters = new ProtocolCounters();
    private final Outbox sent = new Outbox(DatagramCodec.PLAIN);
    private final Outbox answered = new Outbox(DatagramCodec.PLAIN);
    private final SplittableRandom random;
    private final double loss;
    private final long spreadNanos;
    private final PriorityQueue<Arrival> onTheirWay = new PriorityQueue<>();
    private final SendWindow window;
    private final MessageFeed feed;
    private final ChunkReader chunk = new ChunkReader();
    private long nowNanos;
    private int order;
    private @Nullable MessageAssembly assembly;

    /** How many datagrams were sent in either direction, and the longest one. */
    int chunksSent;

    int answersSent;

    private record Arrival(long atNanos, int order, byte[] bytes, boolean answer) implements Comparable<Arrival> {
        @Override
        public int compareTo(Arrival other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Integer.compare(order, other.order);
        }
    }

    /**
     * @param loss the share of datagrams that is lost; as many are doubled
     * @param spreadNanos by up to so much more than others each is late
     */
    Transfer(long seed, double loss, long spreadNanos) {
        random = new SplittableRandom(seed);
        this.loss = loss;
        this.spreadNanos = spreadNanos;
        Nonces nonces = Nonces.random(random);
        window = new SendWindow(
                this,
                new StreamSettings(
                        StreamDirection.UP,
                        GROUP,
                        MEMBERSHIP,
                        0,
                        nonces,
                        WINDOW_CHUNKS,
                        CHUNK_BYTES,
                        Long.MAX_VALUE / 2),
                sent,
                counters);
        feed = new MessageFeed(window);
    }

    /** Begins with a message in place of the one before. */
    void begin(byte[] message) {
        receivers.clear();
        destinations.clear();
        window.onAudienceChanged(nowNanos);
        long first = window.nextSequence();
        Receiver receiver = new Receiver(
                new NodeIdentity("", TO, 1),
                new Receiver.Traits(true, ChunkHeader.NONCED, false, WINDOW_CHUNKS, 1 << 20),
                new Receiver.Reachability(
                        new Hearing(GroupDelivery.UNICAST, false, 0),
                        new Path(PathSizes.given(CHUNK_BYTES), false, 0, nowNanos)),
                first,
                window.receipts().passedNonces(first));
        receiver.confirm(nowNanos);
        receivers.add(receiver);
        destinations.add(TO);
        window.onAudienceChanged(nowNanos);
        assembly = new MessageAssembly(
                this, WINDOW_CHUNKS, CHUNK_BYTES, (int) first & 0xFFFF, message.length, counters, nowNanos);
        feed.begin(message, message.length);
        feed.feed(nowNanos);
    }

    MessageAssembly assembly() {
        return Objects.requireNonNull(assembly);
    }

    /** Lets time pass until all of the message is here. */
    byte[] receive() {
        long endNanos = nowNanos + 3_600_000_000_000L;
        while (!assembly().isComplete()) {
            assertThat(step(endNanos)).as("something happens").isTrue();
        }
        return assembly().take();
    }

    /** Lets so much time pass. */
    void pass(long nanos) {
        long endNanos = nowNanos + nanos;
        while (step(endNanos)) {
            // As long as something happens.
        }
        nowNanos = endNanos;
    }

    private boolean step(long endNanos) {
        transmit(sent, false);
        transmit(answered, true);
        Arrival next = onTheirWay.peek();
        long deadlineNanos = Math.min(window.nextDeadlineNanos(), assembly().nextDeadlineNanos());
        long nextNanos = Math.min(next == null ? Long.MAX_VALUE : next.atNanos(), deadlineNanos);
        if (nextNanos > endNanos) {
            return false;
        }
        nowNanos = Math.max(nowNanos, nextNanos);
        if (next != null && next.atNanos() <= nowNanos) {
            onTheirWay.remove();
            arrive(next);
        } else {
            window.onDeadline(nowNanos);
            assembly().onDeadline(nowNanos);
        }
        return true;
    }

    private void transmit(Outbox outbox, boolean answer) {
        outbox.transmit((datagrams, datagramBytes, destination) -> {
            for (int start = datagrams.position(); start < datagrams.limit(); start += datagramBytes) {
                byte[] bytes = new byte[Math.min(datagramBytes, datagrams.limit() - start)];
                datagrams.get(start, bytes);
                chunksSent += answer ? 0 : 1;
                answersSent += answer ? 1 : 0;
                carry(bytes, answer);
            }
        });
    }

    private void carry(byte[] bytes, boolean answer) {
        int copies = random.nextDouble() < loss ? 0 : random.nextDouble() < loss ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long late = spreadNanos == 0 ? 0 : random.nextLong(spreadNanos);
            onTheirWay.add(new Arrival(nowNanos + DELAY_NANOS + late, order++, bytes, answer));
        }
    }

    private void arrive(Arrival arrival) {
        assertThat(chunk.read(ByteBuffer.wrap(arrival.bytes()))).isNull();
        assertThat(chunk.membership()).isEqualTo(MEMBERSHIP);
        assertThat(chunk.lengthBytes()).isLessThanOrEqualTo(CHUNK_BYTES);
        if (arrival.answer()) {
            window.onStatusReport(receivers.get(0), chunk, nowNanos);
            feed.feed(nowNanos);
        } else if (chunk.type() == ChunkType.UPLINK_QUERY) {
            assembly().onQuery(chunk, nowNanos);
        } else {
            assertThat(chunk.type()).isEqualTo(ChunkType.UPLINK);
            assembly().onChunk(chunk, nowNanos);
        }
    }

    /** Whether neither side has anything to say any more. */
    boolean isQuiet() {
        return onTheirWay.isEmpty() && window.isDrained() && assembly().nextDeadlineNanos() == Long.MAX_VALUE;
    }

    @Override
    public InetSocketAddress multicastAddress() {
        return TO;
    }

    @Override
    public void onTooLong(Receiver receiver, int bytes) {
        throw new AssertionError("it is short enough");
    }

    @Override
    public int group() {
        return GROUP;
    }

    @Override
    public int membership() {
        return MEMBERSHIP;
    }

    @Override
    public boolean takesStatusReports() {
        return true;
    }

    @Override
    public int windowChunks() {
        return WINDOW_CHUNKS;
    }

    @Override
    public void acknowledge(long sequence) {
        throw new AssertionError("it takes status reports");
    }

    @Override
    public void answerForeign(ChunkReader foreign, long sequence) {
        throw new AssertionError("nothing is so late");
    }

    @Override
    public ByteBuffer control() {
        return answered.control();
    }

    @Override
    public void send(ByteBuffer written) {
        ChunkWriter.statusEpoch(written, 0);
        ReceiptProof.put(written, assembly().receiptProof());
        answered.sendWritten(FROM, written);
    }
}
