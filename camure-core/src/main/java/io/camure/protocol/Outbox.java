package io.camure.protocol;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the state machines want done, in order: datagrams to send and events to tell. They only append; the runtime sends
 * and clears after each turn.
 */
public final class Outbox {

    /** The longest control chunk is a GroupDisconnected with its reason. */
    private static final int CONTROL_BYTES = 128;

    private final List<ByteBuffer> datagrams = new ArrayList<>();
    private final List<InetSocketAddress> destinations = new ArrayList<>();
    private final List<ByteBuffer> spareControls = new ArrayList<>();
    private final List<ByteBuffer> usedControls = new ArrayList<>();
    private final List<SessionEvent> events = new ArrayList<>();

    /** A cleared buffer for one control chunk, valid until {@link #clearDatagrams}. */
    ByteBuffer control() {
        ByteBuffer buffer = spareControls.isEmpty()
                ? ByteBuffer.allocateDirect(CONTROL_BYTES)
                : spareControls.remove(spareControls.size() - 1);
        usedControls.add(buffer);
        return buffer.clear();
    }

    /** Sends what was written into a buffer: the bytes in front of its position. */
    void sendWritten(InetSocketAddress destination, ByteBuffer written) {
        send(destination, written.flip());
    }

    /** Sends the bytes between the position and the limit, which must not change until the turn is over. */
    void send(InetSocketAddress destination, ByteBuffer datagram) {
        destinations.add(destination);
        datagrams.add(datagram);
    }

    void tell(SessionEvent event) {
        events.add(event);
    }

    public int datagramCount() {
        return datagrams.size();
    }

    public ByteBuffer datagram(int index) {
        return datagrams.get(index);
    }

    public InetSocketAddress destination(int index) {
        return destinations.get(index);
    }

    public void clearDatagrams() {
        datagrams.clear();
        destinations.clear();
        spareControls.addAll(usedControls);
        usedControls.clear();
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
