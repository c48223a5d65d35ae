package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A coordinator and up to twelve members on a network that loses, doubles, delays and reorders, while members join, leave
 * and are killed. After each event: nobody has left a round before all its participants arrived, and each member has got
 * each message once, whole and in order. And everything ends.
 *
 * <p>{@code -Dcamure.simulation.seed=42} replays one run, {@code -Dcamure.simulation.seeds=5000} makes more of them.
 */
class SimulationTest {

    private static final InetSocketAddress COORDINATOR = new InetSocketAddress("10.0.0.1", 7400);
    private static final int ROUNDS = 30;
    private static final int MESSAGES = 40;
    private static final int CHUNK_BYTES = 508;

    static LongStream seeds() {
        Long one = Long.getLong("camure.simulation.seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, Long.getLong("camure.simulation.seeds", 400));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsItsPromisesUnderFaults(long seed) {
        new Run(seed).run();
    }

    private static final class Run {

        private final SplittableRandom random;
        private final SimulatedNetwork network;
        private final CoordinatorSession session;
        private final CoordinatorGroup barrier;
        private final CoordinatorGroup broadcast;
        private final List<SimulatedMember> members = new ArrayList<>();
        private final Map<Long, Set<InetSocketAddress>> participants = new HashMap<>();
        private final Map<Integer, Boolean> abandoned = new HashMap<>();
        private final int initialMembers;
        private long seenRound = -1;
        private boolean coordinatorArriving;
        private int messagesBegun;
        private int fragmentsLeft;
        private int fragmentsWritten;

        Run(long seed) {
            random = new SplittableRandom(seed);
            network = new SimulatedNetwork(random.split(), Faults.any(random));
            session = new CoordinatorSession(
                    new SessionSettings(
                            SimulatedNetwork.MULTICAST,
                            CHUNK_BYTES,
                            TimeUnit.SECONDS.toNanos(1),
                            TimeUnit.SECONDS.toNanos(40),
                            100,
                            random.nextInt(2, 40),
                            1 << 20),
                    new Random(seed));
            initialMembers = random.nextInt(1, 8);
            barrier = session.createBarrier(SimulatedMember.BARRIER, new Admission(true, initialMembers));
            broadcast = session.createBroadcast(SimulatedMember.BROADCAST, new Admission(true, initialMembers));
            network.add(COORDINATOR, session);
            for (int i = 0; i < initialMembers; i++) {
                addMember();
            }
            network.addInvariant(this::step);
            for (int i = random.nextInt(6); i > 0; i--) {
                network.after(random.nextLong(TimeUnit.SECONDS.toNanos(4)), this::changeMembers);
            }
        }

        private void addMember() {
            members.add(new SimulatedMember(members.size(), network, COORDINATOR, random.split()));
        }

        private void changeMembers() {
            SimulatedMember some = members.get(random.nextInt(members.size()));
            // One at least stays, so that there is somebody to go on with.
            boolean maySpareOne = members.stream().filter(this::stays).count() > 1 && stays(some);
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (maySpareOne && barrier.isFormed() && broadcast.isFormed()) {
                        some.leave();
                    }
                }
                case 1 -> {
                    if (maySpareOne && barrier.isFormed() && broadcast.isFormed()) {
                        network.kill(some.address);
                    }
                }
                default -> addMember();
            }
        }

        private boolean stays(SimulatedMember member) {
            return network.isAlive(member.address) && !member.isLeaving();
        }

        void run() {
            // Three chunks at a time to a dozen members over 40 % loss take half an hour.
            network.runUntil(TimeUnit.HOURS.toNanos(3), this::isDone);
            assertThat(barrier.round().outcome().round()).as("rounds completed").isEqualTo(ROUNDS - 1);
            assertThat(messagesBegun).as("messages sent").isEqualTo(MESSAGES);
            for (SimulatedMember member : members) {
                if (stays(member)) {
                    assertThat(member.disconnection()).as(member + " is in").isNull();
                    assertThat(member.leftRound)
                            .as(member + " has left the last round")
                            .isEqualTo(ROUNDS - 1);
                }
            }
        }

        /** The applications do what they can, and what can be seen of it is checked. */
        private void step() {
            members.forEach(SimulatedMember::step);
            useBarrier();
            writeMessages();
            checkRounds();
            members.forEach(this::checkMessages);
        }

        private void useBarrier() {
            if (!coordinatorArriving && barrier.round().outcome().round() < ROUNDS - 1) {
                coordinatorArriving = true;
                network.after(random.nextLong(3_000_000), () -> {
                    coordinatorArriving = false;
                    if (barrier.round().outcome().round() < ROUNDS - 1) {
                        barrier.round().arrive(network.nowNanos());
                    }
                });
            }
        }

        private void writeMessages() {
            SendWindow window = broadcast.window();
            while (window.room() > 0 && (fragmentsLeft > 0 || messagesBegun < MESSAGES) && random.nextInt(4) != 0) {
                if (fragmentsLeft == 0) {
                    messagesBegun++;
                    fragmentsWritten = 0;
                    fragmentsLeft = random.nextInt(3) == 0 ? random.nextInt(1, 60) : 1;
                } else if (random.nextInt(100) == 0) {
                    abandoned.put(messagesBegun, true);
                    fragmentsLeft = 0;
                    window.abandonMessage(network.nowNanos());
                    continue;
                }
                writeFragment(window);
            }
        }

        private void writeFragment(SendWindow window) {
            ByteBuffer payload = ByteBuffer.allocate(random.nextInt(12, CHUNK_BYTES - 5));
            payload.putInt(0, messagesBegun).putInt(4, fragmentsWritten).putInt(8, fragmentsWritten + 1);
            boolean first = fragmentsWritten == 0;
            boolean last = fragmentsLeft == 1;
            ChunkType type = first
                    ? last ? ChunkType.BROADCAST_MESSAGE : ChunkType.BROADCAST_FIRST_FRAGMENT
                    : last ? ChunkType.BROADCAST_FINAL_FRAGMENT : ChunkType.BROADCAST_FRAGMENT;
            window.write(type, payload, network.nowNanos());
            fragmentsWritten++;
            fragmentsLeft--;
        }

        private void checkRounds() {
            long released = barrier.round().outcome().round();
            assertThat(released).as("rounds are released one by one").isBetween(seenRound, seenRound + 1);
            if (released > seenRound) {
                seenRound = released;
                Set<InetSocketAddress> in = new HashSet<>();
                barrier.members().forEach(member -> in.add(member.address()));
                participants.put(released, in);
                for (SimulatedMember member : members) {
                    if (in.contains(member.address)) {
                        assertThat(member.arrivedRound)
                                .as(member + " had arrived when round " + released + " was released")
                                .isEqualTo(released);
                    }
                }
            }
            for (SimulatedMember member : members) {
                assertThat(member.leftRound).as("last round left by " + member).isLessThanOrEqualTo(released);
            }
        }

        private void checkMessages(SimulatedMember member) {
            List<Integer> got = member.messages;
            int count = got.size();
            if (count > 1) {
                assertThat(got.get(count - 1))
                        .as("message of " + member + " after " + got.get(count - 2))
                        .isEqualTo(nextWhole(got.get(count - 2)));
            }
        }

        private int nextWhole(int message) {
            int next = message + 1;
            while (abandoned.containsKey(next)) {
                next++;
            }
            return next;
        }

        private boolean isDone() {
            if (barrier.round().outcome().round() < ROUNDS - 1 || messagesBegun < MESSAGES || fragmentsLeft > 0) {
                return false;
            }
            int lastWhole = MESSAGES;
            while (abandoned.containsKey(lastWhole)) {
                lastWhole--;
            }
            for (SimulatedMember member : members) {
                List<Integer> got = member.messages;
                boolean hasAll = !got.isEmpty() && got.get(got.size() - 1) == lastWhole;
                boolean joinedAfterwards = member.isInBroadcast() && got.isEmpty() && initialMembers < members.size();
                if (stays(member)
                        && member.disconnection() == null
                        && (!hasAll && !joinedAfterwards || member.leftRound < ROUNDS - 1)) {
                    return false;
                }
            }
            return true;
        }
    }
}
