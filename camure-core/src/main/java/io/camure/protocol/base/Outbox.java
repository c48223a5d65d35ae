package io.camure.protocol.base;

import io.camure.wire.ChunkWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the state machines want done, in order: datagrams to send and events to tell. They only append; the runtime sends
 * and clears after each turn. Allocates nothing once it has grown to what a turn needs.
 *
 * <p>Datagrams of one size that lie one behind the other in a buffer and go to the same destination are kept together as
 * a run, which some transports send by one system call.
 */
public final class Outbox implements DatagramCodec.Answers {

    private final DatagramCodec codec;
    private final List<ByteBuffer> controls = new ArrayList<>();
    private final List<SessionEvent> events = new ArrayList<>();
    private int usedControls;
    private int runs;
    private ByteBuffer[] buffers = new ByteBuffer[16];
    private InetSocketAddress[] destinations = new InetSocketAddress[16];
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private int[] datagramBytes = new int[16];

    /** Which are sent as they are. */
    private boolean[] bare = new boolean[16];

    /** @param codec seals what is sent */
    public Outbox(DatagramCodec codec) {
        this.codec = codec;
    }

    /** How many bytes sealing adds to a datagram, at most. */
    public int overheadBytes() {
        return codec.overheadBytes();
    }

    /** Seals what is sent, and is to know who it is for. */
    public DatagramCodec codec() {
        return codec;
    }

    /** A cleared buffer for one control chunk, valid until the next {@link #transmit}. */
    @Override
    public ByteBuffer control() {
        if (usedControls == controls.size()) {
            controls.add(ByteBuffer.allocateDirect(ChunkWriter.LONGEST_CONTROL_BYTES));
        }
        return controls.get(usedControls++).clear();
    }

    /** Sends what was written into a buffer: the bytes in front of its position. */
    @Override
    public void sendWritten(InetSocketAddress destination, ByteBuffer written) {
        send(destination, written, 0, written.position());
    }

    /**
     * Sends the bytes from {@code start} to {@code end}, which must not change until the turn is over, unless by way of
     * {@link #detach}.
     */
    public void send(InetSocketAddress destination, ByteBuffer buffer, int start, int end) {
        if (continuesRun(destination, buffer, start, end)) {
            ends[runs - 1] = end;
            return;
        }
        add(destination, buffer, start, end, false);
    }

    /** Sends what a codec has to say to that of another node, which is not sealed: the bytes in front of the position. */
    @Override
    public void sendBare(InetSocketAddress destination, ByteBuffer written) {
        add(destination, written, 0, written.position(), true);
    }

    private void add(InetSocketAddress destination, ByteBuffer buffer, int start, int end, boolean isBare) {
        if (runs == buffers.length) {
            grow();
        }
        destinations[runs] = destination;
        buffers[runs] = buffer;
        starts[runs] = start;
        ends[runs] = end;
        datagramBytes[runs] = end - start;
        bare[runs] = isBare;
        runs++;
    }

    /** Has a part of a buffer changed without changing what is to be sent of it: that is copied, which is seldom needed. */
    public void detach(ByteBuffer buffer, int start, int end) {
        for (int i = 0; i < runs; i++) {
            if (buffers[i] == buffer && starts[i] < end && start < ends[i]) {
                int bytes = ends[i] - starts[i];
                buffers[i] = ByteBuffer.allocateDirect(bytes).put(0, buffer, starts[i], bytes);
                starts[i] = 0;
                ends[i] = bytes;
            }
        }
    }

    private boolean continuesRun(InetSocketAddress destination, ByteBuffer buffer, int start, int end) {
        int last = runs - 1;
        return last >= 0
                && buffers[last] == buffer
                && destinations[last] == destination
                && ends[last] == start
                && end > start
                && end - start <= datagramBytes[last]
                // A shorter datagram can only be the last of a run.
                && (ends[last] - starts[last]) % datagramBytes[last] == 0;
    }

    private void grow() {
        int capacity = 2 * runs;
        buffers = Arrays.copyOf(buffers, capacity);
        destinations = Arrays.copyOf(destinations, capacity);
        starts = Arrays.copyOf(starts, capacity);
        ends = Arrays.copyOf(ends, capacity);
        datagramBytes = Arrays.copyOf(datagramBytes, capacity);
        bare = Arrays.copyOf(bare, capacity);
    }

    @Override
    public void tell(SessionEvent event) {
        events.add(event);
    }

    public boolean hasDatagrams() {
        return runs > 0;
    }

    /** Hands over the datagrams in order, sealed, and forgets them. */
    public void transmit(DatagramCodec.Transmitter transmitter) {
        codec.onTransmission();
        for (int i = 0; i < runs; i++) {
            ByteBuffer buffer = buffers[i].limit(ends[i]).position(starts[i]);
            if (bare[i]) {
                transmitter.send(buffer, datagramBytes[i], destinations[i]);
            } else {
                codec.seal(buffer, datagramBytes[i], destinations[i], transmitter);
            }
            buffer.clear();
        }
        runs = 0;
        usedControls = 0;
    }

    public boolean hasEvents() {
        return !events.isEmpty();
    }

    /** Takes the events out. */
    public List<SessionEvent> takeEvents() {
        List<SessionEvent> taken = List.copyOf(events);
        events.clear();
        return taken;
    }
}
