package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.base.StateMachine;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A network and its nodes in virtual time: the same seed gives the same run, datagram for datagram. */
final class SimulatedNetwork {

    static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);

    /** So many datagrams fit into the receive buffer of a node that gets no time; more of them are lost. */
    static final int QUEUED_DATAGRAMS = 1000;

    private final SplittableRandom random;
    private final Map<InetSocketAddress, StateMachine> nodes = new LinkedHashMap<>();
    private final Set<InetSocketAddress> multicastReceivers = new LinkedHashSet<>();
    private final PriorityQueue<Happening> happenings = new PriorityQueue<>();
    private final List<Runnable> invariants = new ArrayList<>();

    /** What waits for nodes that get no time. */
    private final Map<InetSocketAddress, Queue<Runnable>> paused = new HashMap<>();

    private final Map<InetSocketAddress, Long> resumedNanos = new HashMap<>();
    private Faults faults;
    private Link link = this::carry;
    private @Nullable Watcher watcher;
    private BiPredicate<InetSocketAddress, byte[]> deafness = (receiver, bytes) -> false;
    private DropRule dropRule = (source, destination, chunk) -> false;
    private long nowNanos;
    private long happeningCount;
    private int lost;
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

    /** What lies between two nodes. */
    interface Link {

        /** @param arrivals is given the delay of each copy that arrives; of none when the datagram is lost */
        void carry(InetSocketAddress source, InetSocketAddress destination, ChunkReader chunk, LongConsumer arrivals);
    }

    /** Sees all that happens to datagrams, and takes the events. */
    interface Watcher {

        void onSent(InetSocketAddress source, InetSocketAddress destination, byte[] bytes);

        void onReceived(InetSocketAddress source, InetSocketAddress destination, byte[] bytes);

        /** @param events what the node tells its application */
        void onEvents(InetSocketAddress node, List<SessionEvent> events);
    }

    /** Loses datagrams chosen by a rule, beside those lost at random. */
    void dropIf(DropRule rule) {
        dropRule = rule;
    }

    /** Loses datagrams that go to the group, by who is to receive them and what they are. */
    void deafenIf(BiPredicate<InetSocketAddress, byte[]> rule) {
        deafness = rule;
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

    /** Replaces the faults by something that has more of them. */
    void setLink(Link link) {
        this.link = link;
    }

    void setWatcher(Watcher watcher) {
        this.watcher = watcher;
    }

    long nowNanos() {
        return nowNanos;
    }

    int lost() {
        return lost;
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
        paused.remove(address);
    }

    boolean isAlive(InetSocketAddress address) {
        return nodes.containsKey(address);
    }

    @Nullable
    StateMachine node(InetSocketAddress address) {
        return nodes.get(address);
    }

    /** The node gets no time: what reaches it waits, as in the buffer of its socket, and its deadlines pass. */
    void pause(InetSocketAddress address) {
        paused.putIfAbsent(address, new ArrayDeque<>());
    }

    boolean isPaused(InetSocketAddress address) {
        return paused.containsKey(address);
    }

    /** The node goes on: it takes the datagrams that have waited before it looks at its deadlines. */
    void resume(InetSocketAddress address) {
        Queue<Runnable> waiting = paused.remove(address);
        if (waiting != null) {
            resumedNanos.put(address, nowNanos);
            waiting.forEach(Runnable::run);
        }
    }

    /** When the node went on for the last time, or 0. */
    long resumedNanos(InetSocketAddress address) {
        return resumedNanos.getOrDefault(address, 0L);
    }

    /** Is checked after whatever happens. */
    void addInvariant(Runnable invariant) {
        invariants.add(invariant);
    }

    /** Has something happen. */
    void after(long delayNanos, Runnable what) {
        happenings.add(new Happening(nowNanos + delayNanos, happeningCount++, what));
    }

    /** Has something happen in the application of a node, once it has time for it; never when it is gone by then. */
    void after(long delayNanos, InetSocketAddress address, Runnable what) {
        StateMachine node = nodes.get(address);
        after(delayNanos, () -> runAt(address, node, Integer.MAX_VALUE, what));
    }

    private void runAt(InetSocketAddress address, @Nullable StateMachine node, int capacity, Runnable what) {
        if (node == null || nodes.get(address) != node) {
            return;
        }
        Queue<Runnable> waiting = paused.get(address);
        if (waiting == null) {
            what.run();
        } else if (waiting.size() < capacity) {
            waiting.add(() -> runAt(address, node, capacity, what));
        }
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
            Happening next = happenings.peek();
            long nextNanos = Math.min(nextDeadlineNanos(), next == null ? Long.MAX_VALUE : next.atNanos());
            if (nextNanos > endNanos) {
                return;
            }
            nowNanos = Math.max(nowNanos, nextNanos);
            if (next != null && next.atNanos() <= nowNanos) {
                happenings.remove();
                next.what().run();
            } else {
                passDeadlines();
            }
            flush();
            for (int i = 0; i < invariants.size(); i++) {
                invariants.get(i).run();
            }
            // What applications have done meanwhile.
            flush();
        }
    }

    private long nextDeadlineNanos() {
        long deadlineNanos = Long.MAX_VALUE;
        for (Map.Entry<InetSocketAddress, StateMachine> node : nodes.entrySet()) {
            if (paused.isEmpty() || !paused.containsKey(node.getKey())) {
                deadlineNanos = Math.min(deadlineNanos, node.getValue().nextDeadlineNanos());
            }
        }
        return deadlineNanos;
    }

    private void passDeadlines() {
        nodes.forEach((address, node) -> {
            if (!isPaused(address) && node.nextDeadlineNanos() <= nowNanos) {
                node.onDeadline(nowNanos);
                if (node.nextDeadlineNanos() <= nowNanos) {
                    throw new AssertionError(address + " would be busy with a deadline for ever");
                }
            }
        });
    }

    /** Sends what the nodes want sent. */
    private void flush() {
        nodes.forEach((address, node) -> {
            Outbox outbox = node.outbox();
            if (watcher != null && outbox.hasEvents()) {
                watcher.onEvents(address, outbox.takeEvents());
            }
            if (outbox.hasDatagrams()) {
                boolean leaves = nowNanos < node.sendsUntilNanos();
                outbox.transmit((datagrams, datagramBytes, destination) -> {
                    for (int start = datagrams.position(); start < datagrams.limit(); start += datagramBytes) {
                        byte[] bytes = new byte[Math.min(datagramBytes, datagrams.limit() - start)];
                        datagrams.get(start, bytes);
                        if (leaves) {
                            transmit(address, destination, bytes);
                        }
                    }
                });
            }
        });
    }

    private void transmit(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {
        if (record != null) {
            record.add(new Transmission(nowNanos, source, destination, bytes));
        }
        if (watcher != null) {
            watcher.onSent(source, destination, bytes);
        }
        if (destination.equals(MULTICAST)) {
            multicastReceivers.stream()
                    .filter(receiver -> !deafness.test(receiver, bytes))
                    .forEach(receiver -> deliver(source, receiver, bytes));
        } else {
            deliver(source, destination, bytes);
        }
    }

    private void deliver(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {
        ChunkReader chunk = new ChunkReader();
        chunk.read(ByteBuffer.wrap(bytes));
        if (dropRule.drops(source, destination, chunk)) {
            lost++;
            return;
        }
        link.carry(
                source, destination, chunk, delayNanos -> after(delayNanos, () -> receive(source, destination, bytes)));
    }

    private void receive(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {
        StateMachine node = nodes.get(destination);
        runAt(destination, node, QUEUED_DATAGRAMS, () -> {
            if (watcher != null) {
                watcher.onReceived(source, destination, bytes);
            }
            if (node != null) {
                node.onDatagram(source, ByteBuffer.wrap(bytes), nowNanos);
            }
        });
    }

    /** The link that there is when no other was set. */
    private void carry(
            InetSocketAddress source, InetSocketAddress destination, ChunkReader chunk, LongConsumer arrivals) {
        int copies = 1;
        if (random.nextDouble() < faults.loss()) {
            lost++;
            copies = 0;
        } else if (random.nextDouble() < faults.duplication()) {
            copies = 2;
        }
        for (int i = 0; i < copies; i++) {
            long spread = faults.spreadNanos() == 0 ? 0 : random.nextLong(faults.spreadNanos());
            arrivals.accept(faults.minimumDelayNanos() + spread);
        }
    }
}
