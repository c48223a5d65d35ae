package io.camure.interop;

import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.BroadcastReceiver;
import io.camure.Group;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.Round;
import io.camure.test.support.Background;
import io.camure.test.support.CapturedDatagram;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedCoordinator;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the real 0.1.1 coordinator sent in the captured scenarios, sent to members of today: they send what the real members
 * sent, get through their rounds and receive the messages.
 */
class CapturedCoordinatorTest {

    private static final String EVERYWHERE = "";

    /** Captured, but lost before it came to this member, by index. */
    private static final Map<String, Map<Integer, String>> LOST = Map.of(
            "barrier_reached_ack_lost", Map.of(6, EVERYWHERE),
            "barrier_reached_ack_lost_2_members", Map.of(6, EVERYWHERE),
            "barrier_released_lost", Map.of(14, "member1"),
            "barrier_leave_lost", Map.of(6, EVERYWHERE),
            "barrier_leave_lost_coordinator_gone", Map.of(10, EVERYWHERE),
            "group_welcome_lost", Map.of(3, EVERYWHERE),
            "broadcast_retransmission", Map.of(10, "member1"),
            "broadcast_retransmission_backoff",
                    Map.of(5, EVERYWHERE, 6, EVERYWHERE, 7, EVERYWHERE, 8, EVERYWHERE, 9, EVERYWHERE, 10, EVERYWHERE),
            "broadcast_fragment_loss", Map.of(7, EVERYWHERE));

    /** Where there is nothing to compare, and why. */
    private static final Map<String, String> NOT_PLAYED = Map.of(
            "barrier_member_killed_timeout", "a member that was killed: MemberInLegacySessionTest",
            "broadcast_member_killed_timeout", "a member that was killed: MemberInLegacySessionTest",
            "group_welcome_ack_lost", "a member answers later repetitions only: MemberInLegacySessionTest",
            "group_duplicate_join", "no member does that now",
            "group_leave_by_non_member", "no member does that now",
            "barrier_reached_by_non_member", "no member does that now");

    @AutoClose
    private final ScriptedCoordinator coordinator = ScriptedCoordinator.start().withoutAnswering();

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Queue<Node> reached = new ArrayDeque<>();
    private final Queue<Node> leaving = new ArrayDeque<>();
    private final Map<Integer, Chunk> data = new TreeMap<>();
    private final Set<Integer> releasedRounds = new HashSet<>();
    private Node lastJoiner;

    /** A member of today in the place of a captured one. */
    private static final class Node {
        final Set<Chunk> sent = new HashSet<>();
        final Map<Integer, CompletableFuture<Round>> rounds = new TreeMap<>();
        InetSocketAddress address;
        CompletableFuture<Member> joiningSession;
        CompletableFuture<? extends Group> joiningGroup;
        int unread;
        boolean welcomeAcknowledged;
        boolean left;
    }

    static Stream<Arguments> scenarios() {
        return CapturedDatagram.scenarios().entrySet().stream()
                .filter(scenario -> !NOT_PLAYED.containsKey(scenario.getKey()))
                .map(scenario -> Arguments.of(scenario.getKey(), scenario.getValue()));
    }

    @AfterEach
    void closeAll() {
        coordinator.confirmsLeaves();
        for (Node node : nodes.values()) {
            node.joiningSession.thenAccept(Member::close);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void isAnsweredAsByRealMembers(String name, List<CapturedDatagram> datagrams) throws Exception {
        if (name.equals("broadcast_seq_wrap")) {
            joinInTheMiddle(Chunk.of(datagrams.get(0).bytes()));
        }
        for (CapturedDatagram captured : datagrams) {
            Chunk chunk = Chunk.of(captured.bytes());
            if (captured.isFromCoordinator()) {
                send(chunk, LOST.getOrDefault(name, Map.of()).get(captured.index()));
            } else {
                expect(nodes.computeIfAbsent(captured.from(), from -> new Node()), chunk);
            }
        }
        for (Node node : nodes.values()) {
            readMessages(node);
            requireRoundsPassed(node);
        }
    }

    private void joinInTheMiddle(Chunk first) throws Exception {
        Node node = nodes.computeIfAbsent("member1", from -> new Node());
        expect(node, Chunk.SESSION_JOIN);
        send(Chunk.sessionWelcome(coordinator.multicastAddress(), 1472, 1_000_000_000), null);
        expect(node, Chunk.groupJoin(first.group(), Chunk.BROADCAST));
        send(Chunk.groupWelcome(first.group(), first.sequence()), null);
        expect(node, Chunk.ack(first.group(), first.sequence()));
    }

    private void send(Chunk chunk, String lostAt) throws Exception {
        switch (chunk.id()) {
            case Chunk.SESSION_WELCOME_ID -> {
                coordinator.send(withOurAddress(chunk), lastJoiner.address);
                lastJoiner.joiningSession.get();
            }
            case Chunk.GROUP_WELCOME_ID -> {
                if (lostAt == null) {
                    coordinator.send(chunk, lastJoiner.address);
                    // 0.1 acknowledges from another thread, so that its place in the capture means nothing.
                    coordinator.expectFrom(lastJoiner.address, Chunk.ack(chunk.group(), chunk.sequence()));
                    lastJoiner.joiningGroup.get();
                    lastJoiner.welcomeAcknowledged = true;
                    lastJoiner.unread = chunk.sequence();
                }
            }
            case Chunk.GROUP_ACK_ID -> sendTo(reached.remove(), chunk, lostAt);
            case Chunk.GROUP_DISCONNECTED_ID ->
                sendTo(leaving.isEmpty() ? lastJoiner : leaving.remove(), chunk, lostAt);
            default -> sendToGroup(chunk, lostAt);
        }
    }

    private Chunk withOurAddress(Chunk welcome) {
        return new Chunk(welcome.hex().substring(0, 26)
                + coordinator.sessionWelcome().hex().substring(26, 38)
                + welcome.hex().substring(38));
    }

    private void sendTo(Node node, Chunk chunk, String lostAt) {
        if (lostAt == null) {
            coordinator.send(chunk, node.address);
        }
    }

    private void sendToGroup(Chunk chunk, String lostAt) {
        if (chunk.isData()) {
            data.put(chunk.sequence(), chunk);
        } else {
            releasedRounds.add(chunk.sequence());
        }
        if (lostAt == null) {
            coordinator.multicast(chunk);
        } else if (!lostAt.equals(EVERYWHERE)) {
            nodes.forEach((name, node) -> {
                if (!name.equals(lostAt)) {
                    coordinator.send(chunk, node.address);
                }
            });
        }
    }

    /** Has a member do what the captured one did, unless it does that by itself. */
    private void expect(Node node, Chunk chunk) throws Exception {
        boolean first = node.sent.add(chunk);
        switch (chunk.id()) {
            case 0 -> expectSessionJoin(node, first);
            case Chunk.GROUP_JOIN_ID -> {
                if (first) {
                    lastJoiner = node;
                    joinGroup(node, chunk);
                }
                coordinator.expectFrom(node.address, chunk);
            }
            case Chunk.REACHED_ID -> {
                if (first) {
                    node.rounds.put(chunk.sequence(), ((Barrier) node.joiningGroup.get()).awaitAsync());
                }
                reached.add(node);
                coordinator.expectFrom(node.address, chunk);
            }
            case Chunk.GROUP_LEAVE_ID -> {
                if (first) {
                    readMessages(node);
                    node.left = true;
                    Group group = node.joiningGroup.get();
                    Background.async(() -> {
                        group.close();
                        return true;
                    });
                }
                leaving.add(node);
                coordinator.expectFrom(node.address, chunk);
            }
            case Chunk.GROUP_ACK_ID -> {
                // A legacy member goes on acknowledging until its leave is confirmed.
                if (node.welcomeAcknowledged) {
                    node.welcomeAcknowledged = false;
                } else if (!node.left) {
                    coordinator.expectFrom(node.address, chunk);
                }
            }
            default -> {} // Heartbeats: it may ask for the coordinator's health instead.
        }
    }

    private void expectSessionJoin(Node node, boolean first) {
        if (first) {
            lastJoiner = node;
            MemberConfig config = MemberConfig.builder()
                    .coordinatorTimeout(Duration.ofMinutes(1))
                    .build();
            node.joiningSession = Background.async(() -> Member.join(coordinator.address(), config));
            node.address = coordinator.expectNewcomer(
                    nodes.values().stream().map(each -> each.address).toList());
        } else {
            coordinator.expectFrom(node.address, Chunk.SESSION_JOIN);
        }
    }

    private static void joinGroup(Node node, Chunk join) throws Exception {
        Member member = node.joiningSession.get();
        boolean forBarrier = join.equals(Chunk.groupJoin(join.group(), Chunk.BARRIER));
        node.joiningGroup = forBarrier
                ? Background.async(() -> member.joinBarrier(join.group()))
                : Background.async(() -> member.joinBroadcast(join.group()));
    }

    /** Receives every message that was sent whole so far. */
    private void readMessages(Node node) throws Exception {
        while (data.containsKey(node.unread)) {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            Chunk chunk;
            do {
                chunk = data.get(node.unread);
                message.writeBytes(chunk.payload());
                node.unread = (node.unread + 1) & 0xFFFF;
            } while (!chunk.endsMessage());
            BroadcastReceiver receiver = (BroadcastReceiver) node.joiningGroup.get();
            assertThat(receiver.receive(DEADLINE).orElseThrow().bytes()).isEqualTo(message.toByteArray());
        }
    }

    private void requireRoundsPassed(Node node) {
        node.rounds.forEach((number, round) -> {
            if (releasedRounds.contains(number)) {
                assertThat(round)
                        .succeedsWithin(DEADLINE)
                        .satisfies(passed -> assertThat(passed.number()).isEqualTo((long) number));
            } else {
                assertThat(round).failsWithin(DEADLINE);
            }
        });
    }
}
