package io.camure.faults.fuzz;

import io.camure.protocol.base.StateMachine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** A state machine in virtual time, and what must hold for it whatever it is given. */
final class FuzzedNode {

    static final int CHUNK_BYTES = 508;

    /** More than is due one after the other without anything new happening. */
    private static final int DEADLINES_AT_ONCE = 8;

    /** So many deadlines are met on time, then the rest of a step is a pause of the process. */
    private static final int DEADLINES_IN_STEP = 64;

    /** The longest step: half a minute, which is beyond every timeout. */
    private static final int LONGEST_STEP_BITS = 35;

    private final StateMachine machine;
    private final int mostDatagrams;
    private final Sent sent;
    private long nowNanos;
    private int datagrams;

    /** Is shown each datagram that was sent. */
    interface Sent {

        void onSent(ByteBuffer datagram);
    }

    /** @param mostDatagrams what one input may cause to be sent */
    FuzzedNode(StateMachine machine, int mostDatagrams, Sent sent) {
        this.machine = machine;
        this.mostDatagrams = mostDatagrams;
        this.sent = sent;
    }

    static InetSocketAddress address(int host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) host}), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are always an address", e);
        }
    }

    long nowNanos() {
        return nowNanos;
    }

    void receive(InetSocketAddress source, ByteBuffer datagram) {
        int limit = datagram.limit();
        machine.onDatagram(source, datagram, nowNanos);
        check(datagram.limit() == limit, "a datagram is not cut");
        transmit();
    }

    /** Lets time pass, in steps from deadline to deadline. */
    void pass(int size) {
        long endNanos = nowNanos + (1L << size % (LONGEST_STEP_BITS + 1));
        for (int i = 0; i < DEADLINES_IN_STEP && machine.nextDeadlineNanos() < endNanos; i++) {
            nowNanos = Math.max(nowNanos, machine.nextDeadlineNanos());
            meetDeadlines();
        }
        nowNanos = endNanos;
        meetDeadlines();
    }

    /** Lets time pass while the process is stopped. */
    void stop(int size) {
        nowNanos += 1L << size % (LONGEST_STEP_BITS + 1);
        meetDeadlines();
    }

    /** Does what is due; a driver would never sleep if something stayed due. */
    private void meetDeadlines() {
        int times = 0;
        do {
            machine.onDeadline(nowNanos);
            transmit();
            check(++times <= DEADLINES_AT_ONCE, "what is due gets done");
        } while (machine.nextDeadlineNanos() <= nowNanos);
    }

    /** Takes what it wants sent and told. */
    void transmit() {
        datagrams = 0;
        machine.outbox().transmit((run, datagramBytes, destination) -> {
            check(datagramBytes > 0 && datagramBytes <= CHUNK_BYTES, "a datagram has at most the chunk size");
            check(destination.getPort() > 0, "a datagram has a destination");
            for (int start = run.position(); start < run.limit(); start += datagramBytes) {
                datagrams++;
                sent.onSent(run.slice(start, Math.min(datagramBytes, run.limit() - start)));
            }
        });
        check(datagrams <= mostDatagrams, "one input causes few datagrams");
        check(machine.outbox().takeEvents().size() <= mostDatagrams, "one input causes few events");
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not true: " + what);
        }
    }
}
