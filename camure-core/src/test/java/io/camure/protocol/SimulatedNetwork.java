package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A network and its nodes in virtual time: the same seed gives the same run, datagram for datagram. */
final class SimulatedNetwork {

    static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);

    private final SplittableRandom random;
    private final Map<InetSocketAddress, StateMachine> nodes = new LinkedHashMap<>();
    private final Set<InetSocketAddress> multicastReceivers = new HashSet<>();
    private final PriorityQueue<Happening> happenings = new PriorityQueue<>();
    private final List<Runnable> invariants = new ArrayList<>();
    private Faults faults;
    private DropRule dropRule = (source, destination, chunk) -> false;
    private long nowNanos;
    private long happeningCount;
    private int lost;
    private int doubled;
    private @Nullable List<Transmission> record;

    /** A datagram as it left its sender, whatever became of it. */
    record Transmission(long atNanos, InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {

        /** What is in it, which must be readable. */
        ChunkReader chunk() {
            ChunkReader chunk = new ChunkReader();
            assertThat(chunk.read(ByteBuffer.wrap(bytes))).isNull();
            return chunk;
        }

        ChunkType type() {
            return chunk().type();
        }
    }

    private record Happening(long atNanos, long order, Runnable what) implements Comparable<Happening> {
        @Override
        public int compareTo(Happening other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    SimulatedNetwork(SplittableRandom random, Faults faults) {
        this.random = random;
        this.faults = faults;
    }

    /** Decides about each datagram by what is in it. */
    interface DropRule {

        boolean drops(InetSocketAddress source, InetSocketAddress destination, ChunkReader chunk);
    }

    /** Loses datagrams chosen by a rule, beside those lost at random. */
    void dropIf(DropRule rule) {
        dropRule = rule;
    }

    /** Begins a new list of all that is sent from now on, a datagram to the group once. */
    List<Transmission> record() {
        List<Transmission> begun = new ArrayList<>();
        record = begun;
        return begun;
    }

    void setFaults(Faults faults) {
        this.faults = faults;
    }

    long nowNanos() {
        return nowNanos;
    }

    int lost() {
        return lost;
    }

    int doubled() {
        return doubled;
    }

    void add(InetSocketAddress address, StateMachine node) {
        nodes.put(address, node);
    }

    void receiveMulticast(InetSocketAddress address) {
        multicastReceivers.add(address);
    }

    /** The node is gone without a word, as if its process were killed. */
    void kill(InetSocketAddress address) {
        nodes.remove(address);
        multicastReceivers.remove(address);
    }

    boolean isAlive(InetSocketAddress address) {
        return nodes.containsKey(address);
    }

    /** Is checked after whatever happens. */
    void addInvariant(Runnable invariant) {
        invariants.add(invariant);
    }

    /** Has something happen in the application of a node. */
    void after(long delayNanos, Runnable what) {
        happenings.add(new Happening(nowNanos + delayNanos, happeningCount++, what));
    }

    /** Lets so much time pass. */
    void runFor(long nanos) {
        long endNanos = nowNanos + nanos;
        runUntil(endNanos, () -> false);
        nowNanos = endNanos;
    }

    /** Lets time pass until nothing is left to happen or the end is reached. */
    void runUntil(long endNanos, BooleanSupplier done) {
        flush();
        while (!done.getAsBoolean()) {
            long deadlineNanos = Long.MAX_VALUE;
            for (StateMachine node : nodes.values()) {
                deadlineNanos = Math.min(deadlineNanos, node.nextDeadlineNanos());
            }
            Happening next = happenings.peek();
            long nextNanos = Math.min(deadlineNanos, next == null ? Long.MAX_VALUE : next.atNanos());
            if (nextNanos > endNanos) {
                return;
            }
            nowNanos = Math.max(nowNanos, nextNanos);
            if (next != null && next.atNanos() <= nowNanos) {
                happenings.remove();
                next.what().run();
            } else {
                List.copyOf(nodes.values()).forEach(node -> node.onDeadline(nowNanos));
            }
            flush();
            invariants.forEach(Runnable::run);
        }
    }

    /** Sends what the nodes want sent. */
    private void flush() {
        nodes.forEach((address, node) -> {
            node.outbox().transmit((datagrams, datagramBytes, destination) -> {
                for (int start = datagrams.position(); start < datagrams.limit(); start += datagramBytes) {
                    int end = Math.min(start + datagramBytes, datagrams.limit());
                    byte[] bytes = new byte[end - start];
                    datagrams.get(start, bytes);
                    transmit(address, destination, bytes);
                }
            });
        });
    }

    private void transmit(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {
        if (record != null) {
            record.add(new Transmission(nowNanos, source, destination, bytes));
        }
        if (destination.equals(MULTICAST)) {
            multicastReceivers.forEach(receiver -> deliver(source, receiver, bytes));
        } else {
            deliver(source, destination, bytes);
        }
    }

    private void deliver(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {
        ChunkReader chunk = new ChunkReader();
        chunk.read(ByteBuffer.wrap(bytes));
        int copies = 1;
        if (random.nextDouble() < faults.loss() || dropRule.drops(source, destination, chunk)) {
            lost++;
            copies = 0;
        } else if (random.nextDouble() < faults.duplication()) {
            doubled++;
            copies = 2;
        }
        for (int i = 0; i < copies; i++) {
            long spread = faults.spreadNanos() == 0 ? 0 : random.nextLong(faults.spreadNanos());
            after(faults.minimumDelayNanos() + spread, () -> {
                StateMachine node = nodes.get(destination);
                if (node != null) {
                    node.onDatagram(source, ByteBuffer.wrap(bytes), nowNanos);
                }
            });
        }
    }
}
