package io.camure.spring.flip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that flip while they and their coordinators are killed, cut off and join, and rounds break. */
class FlipSimulationTest {

    private static final int KILLS = 250;

    /** An application, whose every step has to be allowed after the one before. */
    private static final class Application implements Steps {

        final List<Object> prepared = new ArrayList<>();
        final List<String> faults = new ArrayList<>();
        long active;

        /** Refuses a third of what the others may activate, by its name alone. */
        final int name;

        Application(int name) {
            this.name = name;
        }

        @Override
        public Object prepare(byte[] value) {
            long number = ByteBuffer.wrap(value).getLong();
            if (number < 0 && -number % 3 == name % 3) {
                throw new IllegalStateException("node " + name + " does not know " + number);
            }
            Long made = number;
            prepared.add(made);
            return made;
        }

        @Override
        public void activate(Object next) {
            take(next);
            active = (Long) next;
        }

        @Override
        public void discard(Object refused) {
            take(refused);
        }

        private void take(Object one) {
            if (!prepared.remove(one) || !prepared.isEmpty()) {
                faults.add(one + " was not prepared, or " + prepared + " are still");
            }
        }
    }

    private static final class Node {

        Application application;
        Flip flip;

        /** What it has arrived with at the round that has not ended. */
        @Nullable
        Contribution arrived;

        Node(int name) {
            application = new Application(name);
            flip = new Flip("node " + name, application);
        }
    }

    /** What the coordinator that is first in the group was asked for. */
    private record Asked(Flip.Proposal proposal, @Nullable Version version, boolean isActivated) {}

    private final List<Node> outside = new ArrayList<>();
    private final List<Node> group = new ArrayList<>();
    private final Map<Version, Map<Integer, String>> verdicts = new HashMap<>();
    private Random random = new Random(0);
    private int kills;
    private int activated;
    private int discarded;
    private long values;

    private @Nullable Asked asked;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noTwoNodesOfTheGroupDifferAfterAFlip(long seed) {
        random = new Random(seed);
        for (int i = 0; i < 6; i++) {
            outside.add(new Node(i));
        }
        while (kills < KILLS) {
            something();
        }
        assertThat(activated).isGreaterThan(20);
        assertThat(discarded).isGreaterThan(20);
        settle();
    }

    private void something() {
        int what = random.nextInt(100);
        if (what < 12 && !outside.isEmpty()) {
            group.add(outside.remove(random.nextInt(outside.size())));
        } else if (what < 16 && group.size() > 1) {
            Node killed = group.remove(1 + random.nextInt(group.size() - 1));
            outside.add(restarted(killed));
        } else if (what < 19 && group.size() > 1) {
            cutOff(group.remove(1 + random.nextInt(group.size() - 1)));
        } else if (what < 21 && !group.isEmpty()) {
            loseCoordinator(random.nextInt(3) == 0);
        } else if (what < 23) {
            group.forEach(each -> {
                each.arrived = null;
                each.flip.onBroken();
            });
            asked = null;
        } else if (what < 60 && !group.isEmpty()) {
            arrive(group.get(random.nextInt(group.size())));
        } else if (!group.isEmpty()) {
            group.forEach(this::arrive);
            round(random.nextInt(20) == 0 ? random.nextInt(group.size()) : group.size());
        }
    }

    private Node restarted(Node killed) {
        kills++;
        return new Node(killed.application.name);
    }

    private void cutOff(Node node) {
        node.arrived = null;
        node.flip.onLost();
        outside.add(node);
    }

    /** Whoever comes next coordinates a new group. */
    private void loseCoordinator(boolean isCutOff) {
        Node coordinator = group.remove(0);
        if (isCutOff) {
            cutOff(coordinator);
        } else {
            outside.add(restarted(coordinator));
        }
        new ArrayList<>(group).forEach(this::cutOff);
        group.clear();
        asked = null;
    }

    private void arrive(Node node) {
        if (node.arrived == null) {
            boolean isCoordinator = node == group.get(0);
            if (isCoordinator && asked == null) {
                values++;
                asked = new Asked(new Flip.Proposal(random.nextLong(), value()), null, false);
            }
            boolean proposes = isCoordinator && asked != null && asked.version() == null;
            node.arrived = Contribution.decode(
                    node.flip.contribution(proposes ? asked.proposal() : null).encode());
        }
    }

    /** One of three may be refused. */
    private byte[] value() {
        return ByteBuffer.allocate(Long.BYTES)
                .putLong(random.nextInt(3) == 0 ? -values : values)
                .array();
    }

    /** @param reached how many learn of it before the coordinator is lost; all, if it is not */
    private void round(int reached) {
        List<Contribution> all = group.stream().map(each -> each.arrived).toList();
        List<Node> leaving = new ArrayList<>();
        Flip.Result atCoordinator = null;
        for (int rank = 0; rank < Math.max(1, reached); rank++) {
            Node node = group.get(rank);
            node.arrived = null;
            Flip.Result result = node.flip.onRound(all, rank);
            atCoordinator = rank == 0 ? result : atCoordinator;
            if (result.decided() != null) {
                verdicts.merge(result.decided(), result.refusals(), (one, other) -> {
                    assertThat(other).as("the verdict on %s", result.decided()).isEqualTo(one);
                    return one;
                });
            }
            assertThat(node.application.faults).isEmpty();
            if (result.failure() != null) {
                leaving.add(node);
            }
        }
        if (reached < group.size() || leaving.contains(group.get(0))) {
            loseCoordinator(false);
            return;
        }
        conclude(atCoordinator, all.size(), leaving);
        leaving.forEach(each -> {
            group.remove(each);
            outside.add(new Node(each.application.name));
        });
    }

    private void conclude(Flip.Result result, int participants, List<Node> leaving) {
        Asked now = asked;
        if (now == null) {
            return;
        } else if (now.version() == null) {
            boolean isChosen = result.proposed() != null
                    && result.proposed().id() == now.proposal().id();
            asked = isChosen ? new Asked(now.proposal(), result.proposed(), false) : now;
        } else if (now.isActivated()) {
            if (result.common() != null && !result.common().equals(now.version())) {
                asked = new Asked(now.proposal(), null, false);
            } else if (result.common() != null) {
                List<Node> took = group.subList(0, participants);
                assertThat(took).allSatisfy(each -> {
                    assertThat(each.flip.active()).isEqualTo(now.version());
                    assertThat(each.application.active)
                            .isEqualTo(ByteBuffer.wrap(now.proposal().value()).getLong());
                });
                activated++;
                asked = null;
            }
        } else if (result.isActivated()) {
            asked = new Asked(now.proposal(), now.version(), true);
        } else {
            assertThat(result.refusals()).isNotEmpty();
            assertThat(group).noneMatch(each -> each.flip.active().equals(now.version()));
            discarded++;
            asked = null;
        }
    }

    /** Once nothing happens any more, all come to have the same active, and nothing stays prepared. */
    private void settle() {
        while (!outside.isEmpty()) {
            Node back = outside.remove(0);
            back.arrived = null;
            group.add(back);
        }
        asked = null;
        Flip.Result last = null;
        for (int i = 0; i < 10 && (last == null || last.isOpen()); i++) {
            List<Contribution> all = group.stream()
                    .map(each -> each.arrived == null ? each.flip.contribution(null) : each.arrived)
                    .toList();
            List<Node> leaving = new ArrayList<>();
            for (int rank = 0; rank < all.size(); rank++) {
                group.get(rank).arrived = null;
                last = group.get(rank).flip.onRound(all, rank);
                if (last.failure() != null) {
                    leaving.add(group.get(rank));
                }
            }
            group.removeAll(leaving);
        }
        assertThat(last.isOpen()).isFalse();
        Version version = group.get(0).flip.active();
        assertThat(group).allSatisfy(each -> {
            assertThat(each.flip.active()).isEqualTo(version);
            assertThat(each.application.prepared).isEmpty();
            assertThat(each.application.active).isEqualTo(group.get(0).application.active);
        });
    }
}
