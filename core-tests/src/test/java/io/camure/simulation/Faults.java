package io.camure.simulation;

import io.camure.test.CamureTestLink;
import java.time.Duration;
import java.util.List;

/** The kinds of faults that there are. */
final class Faults {

    private Faults() {}

    /** What a host's cable does to datagrams that arrive by it. */
    record Loss(String host, double probability) implements Fault {

        @Override
        public String kind() {
            return "loss";
        }

        @Override
        public void begin(World world) {
            incoming(world, host).lose(probability);
        }

        @Override
        public void end(World world) {
            incoming(world, host).lose(0);
        }
    }

    record Duplication(String host, double probability) implements Fault {

        @Override
        public String kind() {
            return "duplication";
        }

        @Override
        public void begin(World world) {
            incoming(world, host).duplicate(probability);
        }

        @Override
        public void end(World world) {
            incoming(world, host).duplicate(0);
        }
    }

    record Reordering(String host, double probability) implements Fault {

        @Override
        public String kind() {
            return "reordering";
        }

        @Override
        public void begin(World world) {
            incoming(world, host).reorder(probability);
        }

        @Override
        public void end(World world) {
            incoming(world, host).reorder(0);
        }
    }

    record Delay(String host, Duration least, Duration most) implements Fault {

        @Override
        public String kind() {
            return "delay";
        }

        @Override
        public void begin(World world) {
            incoming(world, host).delay(least, most);
        }

        @Override
        public void end(World world) {
            incoming(world, host).delay(Duration.ZERO);
        }
    }

    /** Longer datagrams do not get to a host, as behind a smaller MTU that nobody tells of. */
    record BlackHole(String host, int longestBytes) implements Fault {

        @Override
        public String kind() {
            return "black hole by size";
        }

        @Override
        public void begin(World world) {
            incoming(world, host).loseLongerThan(longestBytes);
        }

        @Override
        public void end(World world) {
            incoming(world, host).loseLongerThan(Integer.MAX_VALUE);
        }
    }

    private static CamureTestLink incoming(World world, String host) {
        return world.network().host(host).incoming();
    }

    /** Some hosts and all others do not reach each other. */
    record Partition(List<String> hosts) implements Fault {

        @Override
        public String kind() {
            return "partition";
        }

        @Override
        public void begin(World world) {
            world.network().partition(hosts.toArray(String[]::new));
        }

        @Override
        public void end(World world) {
            world.network().heal();
        }
    }

    /** A host is heard by no other, but hears them. */
    record OneWayPartition(String host) implements Fault {

        @Override
        public String kind() {
            return "one-way partition";
        }

        @Override
        public void begin(World world) {
            world.network().host(host).outgoing().lose(1);
        }

        @Override
        public void end(World world) {
            world.network().host(host).outgoing().lose(0);
        }
    }

    /** Multicast does not reach a host. */
    record Deafness(String host) implements Fault {

        @Override
        public String kind() {
            return "deafness to multicast";
        }

        @Override
        public void begin(World world) {
            world.network().host(host).blockMulticast();
        }

        @Override
        public void end(World world) {
            world.network().host(host).admitMulticast();
        }
    }

    /** A node's threads do not run, as after {@code SIGSTOP}. */
    record Pause(String node) implements Fault {

        @Override
        public String kind() {
            return node.equals(World.COORDINATOR) ? "pause of the coordinator" : "pause of a member";
        }

        @Override
        public void begin(World world) {
            world.node(node).pause();
        }

        @Override
        public void end(World world) {
            world.node(node).resume();
        }
    }

    /** A member's process is killed, and started anew. */
    record MemberCrash(String node) implements Fault {

        @Override
        public String kind() {
            return "crash of a member";
        }

        @Override
        public void begin(World world) {
            world.node(node).crash();
        }

        @Override
        public void end(World world) {
            world.node(node).start();
        }
    }

    /**
     * The coordinator's process is killed, and started anew.
     *
     * @param elsewhere whether at another address
     */
    record CoordinatorCrash(boolean elsewhere) implements Fault {

        @Override
        public String kind() {
            return "crash of the coordinator, restarted at " + (elsewhere ? "another" : "the same") + " address";
        }

        @Override
        public void begin(World world) {
            world.coordinator().crash();
        }

        @Override
        public void end(World world) {
            if (elsewhere) {
                world.coordinator().moveUnlessRunning();
            }
            world.coordinator().start();
        }
    }

    /** A thread of a node's application is interrupted. */
    record Interrupt(String node, int thread) implements Fault {

        @Override
        public String kind() {
            return "interrupt";
        }

        @Override
        public void begin(World world) {
            world.node(node).interrupt(thread);
        }

        @Override
        public void end(World world) {
            // Is over at once.
        }
    }
}
