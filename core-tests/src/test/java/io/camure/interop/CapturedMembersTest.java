package io.camure.interop;

import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorConfig;
import io.camure.GroupConfig;
import io.camure.test.support.Background;
import io.camure.test.support.CapturedDatagram;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedMember;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What real 0.1.1 members sent in the captured scenarios, sent to a coordinator of today: it answers what the real
 * coordinator answered.
 *
 * <p>When a coordinator repeats itself is its own affair, so the repetitions in the captures are not compared.
 */
class CapturedMembersTest {

    /** Captured, but lost before the coordinator saw it; for a retried join: before there was a coordinator. */
    private static final Map<String, Set<Integer>> LOST = Map.of(
            "session_join_retry", Set.of(0, 1, 2, 3, 4),
            "barrier_reached_lost", Set.of(4),
            "group_welcome_ack_lost", Set.of(4),
            "broadcast_ack_lost", Set.of(6));

    /** Where there is nothing to compare, and why. */
    private static final Map<String, String> NOT_PLAYED = Map.of(
            "barrier_member_killed_timeout", "waits for a time-out: BarrierWithLegacyMembersTest",
            "broadcast_member_killed_timeout", "waits for a time-out: BroadcastToLegacyMembersTest",
            "barrier_leave_lost_coordinator_gone", "the coordinator is gone",
            "group_duplicate_join", "the coordinator keeps the member: SessionOfLegacyMembersTest",
            "barrier_reached_by_non_member", "the coordinator says that it is none: SessionOfLegacyMembersTest",
            "broadcast_seq_wrap", "begins in the middle: BroadcastToLegacyMembersTest");

    private final Map<String, ScriptedMember> members = new LinkedHashMap<>();
    private final Queue<ScriptedMember> leaving = new ArrayDeque<>();
    private final Set<Chunk> repeatable = new HashSet<>();
    private final List<ScriptedMember> inGroup = new ArrayList<>();
    private Coordinator coordinator;
    private CoordinatorBarrier barrier;
    private BroadcastGroup broadcast;
    private List<CapturedDatagram> scenario;
    private ScriptedMember lastJoiner;
    private boolean groupClosed;

    /** From the captured sequence numbers to those of today, whose first one is random in a broadcast. */
    private int offset;

    static Stream<Arguments> scenarios() {
        return CapturedDatagram.scenarios().entrySet().stream()
                .filter(scenario -> !NOT_PLAYED.containsKey(scenario.getKey()))
                .map(scenario -> Arguments.of(scenario.getKey(), scenario.getValue()));
    }

    @AfterEach
    void closeAll() {
        members.values().forEach(ScriptedMember::confirmsClosing);
        coordinator.close();
        members.values().forEach(ScriptedMember::close);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void areAnsweredAsByARealCoordinator(String name, List<CapturedDatagram> datagrams) throws InterruptedException {
        scenario = datagrams;
        coordinator = startCoordinator();
        createGroup();
        for (CapturedDatagram captured : datagrams) {
            Chunk chunk = Chunk.of(captured.bytes());
            if (captured.isFromCoordinator()) {
                expect(chunk);
            } else if (!LOST.getOrDefault(name, Set.of()).contains(captured.index())) {
                send(members.computeIfAbsent(captured.from(), from -> newMember()), chunk);
            }
        }
        members.values().forEach(ScriptedMember::settle);
        if (broadcast != null && broadcast.isOpen()) {
            broadcast.flush(DEADLINE);
        }
    }

    private ScriptedMember newMember() {
        return new ScriptedMember(coordinator.address()).acknowledgingRepetitions();
    }

    private Stream<Chunk> chunks() {
        return scenario.stream().map(captured -> Chunk.of(captured.bytes()));
    }

    private Coordinator startCoordinator() {
        CoordinatorConfig.Builder config =
                CoordinatorConfig.builder().memberTimeout(Duration.ofMinutes(1)).legacyLinger(Duration.ZERO);
        chunks().filter(chunk -> chunk.id() == Chunk.SESSION_WELCOME_ID)
                .findFirst()
                .ifPresent(welcome -> config.chunkSize(
                                Integer.parseInt(welcome.hex().substring(54, 58), 16))
                        .heartbeatInterval(
                                Duration.ofNanos(Long.parseLong(welcome.hex().substring(58), 16))));
        return Sessions.coordinator(config.build());
    }

    private void createGroup() {
        Chunk join = chunks().filter(chunk -> chunk.id() == Chunk.GROUP_JOIN_ID)
                .findFirst()
                .orElse(Chunk.groupJoin(0, Chunk.BARRIER));
        boolean wrongType = chunks().anyMatch(Chunk.disconnected(join.group(), "invalid channel type")::equals);
        boolean forBarrier = join.equals(Chunk.groupJoin(join.group(), Chunk.BARRIER));
        if (join.group() == 99) {
            return; // the group that there is not
        }
        GroupConfig config = GroupConfig.builder().id(join.group()).build();
        if (forBarrier != wrongType) {
            barrier = coordinator.createBarrier(config);
        } else {
            broadcast = coordinator.createBroadcast(config);
        }
    }

    private void send(ScriptedMember member, Chunk captured) {
        Chunk chunk = captured.isSequenced() ? captured.withSequence(captured.sequence() + offset) : captured;
        member.send(chunk);
        switch (chunk.id()) {
            case 0, Chunk.GROUP_JOIN_ID -> lastJoiner = member;
            case Chunk.GROUP_LEAVE_ID -> {
                if (inGroup.remove(member) && groupClosed) {
                    // A real coordinator is gone by then.
                    member.expect(Chunk.disconnected(chunk.group(), "leave"));
                } else {
                    leaving.add(member);
                }
            }
            // 0.1 acknowledges from another thread, so that its place in the capture means nothing.
            case Chunk.REACHED_ID -> member.expect(Chunk.ack(chunk.group(), chunk.sequence()));
            default -> {}
        }
    }

    private void expect(Chunk captured) throws InterruptedException {
        boolean repeated = captured.isSequenced() && !repeatable.add(captured);
        switch (captured.id()) {
            case Chunk.SESSION_WELCOME_ID -> expectSessionWelcome(captured);
            case Chunk.GROUP_WELCOME_ID -> {
                if (!inGroup.contains(lastJoiner)) {
                    expectGroupWelcome(captured);
                }
            }
            case Chunk.GROUP_DISCONNECTED_ID -> expectDisconnection(captured);
            case Chunk.RELEASED_ID -> {
                if (!repeated) {
                    CompletableFuture<?> passing = barrier.awaitAsync();
                    inGroup.forEach(member -> member.expect(captured));
                    assertThat(passing).succeedsWithin(DEADLINE);
                }
            }
            case Chunk.GROUP_ACK_ID -> {} // expected where the arrival was sent
            default -> {
                if (!repeated) {
                    expectData(captured);
                }
            }
        }
    }

    private void expectSessionWelcome(Chunk captured) {
        Chunk welcome = new Chunk(captured.hex().substring(0, 26)
                + Chunk.sessionWelcome(coordinator.multicastAddress(), 0, 0)
                        .hex()
                        .substring(26, 38)
                + captured.hex().substring(38));
        lastJoiner.expect(welcome);
        lastJoiner.hearGroupTraffic(welcome);
    }

    private void expectGroupWelcome(Chunk captured) {
        int sequence = lastJoiner.expectGroupWelcome(captured.group());
        if (inGroup.isEmpty() && broadcast != null) {
            offset = sequence - captured.sequence();
        }
        assertThat(sequence).isEqualTo((captured.sequence() + offset) & 0xFFFF);
        inGroup.add(lastJoiner);
    }

    private void expectDisconnection(Chunk captured) {
        if (captured.reason().isEmpty()) {
            groupClosed = true;
            CompletableFuture<?> closing = Background.async(() -> {
                if (barrier != null) {
                    barrier.close();
                } else {
                    broadcast.close();
                }
                return true;
            });
            inGroup.forEach(member -> member.expect(captured));
            assertThat(closing).succeedsWithin(DEADLINE);
        } else {
            (leaving.isEmpty() ? lastJoiner : leaving.remove()).expect(captured);
        }
    }

    private void expectData(Chunk captured) throws InterruptedException {
        if (captured.beginsMessage()) {
            broadcast.send(messageFrom(captured));
        }
        Chunk chunk = captured.withSequence(captured.sequence() + offset);
        inGroup.forEach(member -> member.expect(chunk));
    }

    /** Puts a message together from its first chunk on. */
    private byte[] messageFrom(Chunk first) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int[] next = {first.sequence()};
        boolean ended = false;
        while (!ended) {
            Chunk chunk = chunks().filter(candidate -> candidate.isData() && candidate.sequence() == next[0])
                    .findFirst()
                    .orElseThrow();
            message.writeBytes(chunk.payload());
            ended = chunk.endsMessage();
            next[0]++;
        }
        return message.toByteArray();
    }
}
