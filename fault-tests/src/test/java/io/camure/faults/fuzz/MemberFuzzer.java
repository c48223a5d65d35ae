package io.camure.faults.fuzz;

import static io.camure.faults.fuzz.FuzzedNode.check;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.session.MemberSession;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.JoinToken;
import io.camure.wire.PathReport;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A member that joins and leaves two groups, arrives and reads: datagrams, time and commands as made up. */
public final class MemberFuzzer {

    private static final int GROUPS = 2;
    private static final int WINDOW_CHUNKS = 128;

    /** For each of the groups, those that it has left included, a few words; and what it answers with a chunk is one. */
    private static final int MOST_DATAGRAMS = 8 * GROUPS + WINDOW_CHUNKS;

    private static final InetSocketAddress COORDINATOR = FuzzedNode.address(1, 7400);
    private static final InetSocketAddress STRANGER = FuzzedNode.address(3, 7400);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);

    /** What a coordinator sends with a sequence number. */
    private static final ChunkType[] SEQUENCED = {
        ChunkType.GROUP_WELCOME,
        ChunkType.GROUP_ACK,
        ChunkType.BARRIER_RELEASED,
        ChunkType.BARRIER_BROKEN,
        ChunkType.BROADCAST_MESSAGE,
        ChunkType.BROADCAST_FIRST_FRAGMENT,
        ChunkType.BROADCAST_FRAGMENT,
        ChunkType.BROADCAST_FINAL_FRAGMENT,
        ChunkType.BROADCAST_BUNDLE,
        ChunkType.BROADCAST_QUERY,
        ChunkType.BROADCAST_MESSAGE_WITH_HEADERS,
        ChunkType.BROADCAST_FIRST_FRAGMENT_WITH_HEADERS
    };

    private final FuzzInput input;
    private final MemberSession session = new MemberSession(
            new MemberSettings(COORDINATOR, TimeUnit.SECONDS.toNanos(5), WINDOW_CHUNKS, 1 << 20, "member"), () -> 1);
    private final FuzzedNode node = new FuzzedNode(session, MOST_DATAGRAMS, datagram -> {});
    private final byte[] payload = new byte[FuzzedNode.CHUNK_BYTES];
    private final Map<JoinedGroup<?>, BarrierArrival> arrivals = new HashMap<>();
    private final Map<JoinedGroup<?>, ReceiveWindow> windows = new HashMap<>();

    private MemberFuzzer(FuzzInput input) {
        this.input = input;
    }

    public static void fuzzerTestOneInput(byte[] data) {
        new MemberFuzzer(new FuzzInput(data)).run();
    }

    private void run() {
        session.join(node.nowNanos());
        node.transmit();
        while (!input.isEmpty()) {
            step();
            check(session.groups().size() <= GROUPS, "only what was joined is kept");
            check(isInSession() || session.groups().stream().allMatch(MemberFuzzer::isOut), "lost is out");
        }
    }

    /** Who has said goodbye is not told of its groups any more. */
    private boolean isInSession() {
        return session.loss() == null || session.loss().cause() == Disconnection.Cause.LEFT;
    }

    private static boolean isOut(JoinedGroup<?> group) {
        return group.state() == JoinedGroup.State.OUT;
    }

    private void step() {
        switch (input.below(8)) {
            case 0 -> node.receive(input.below(4) == 0 ? STRANGER : COORDINATOR, input.bytes(input.next()));
            case 1 -> welcome();
            case 2, 3, 4 -> speak();
            case 5 -> node.pass(input.next());
            case 6 -> node.stop(input.next());
            default -> {
                command();
                node.transmit();
            }
        }
    }

    private void welcome() {
        ByteBuffer datagram = ByteBuffer.allocate(FuzzedNode.CHUNK_BYTES);
        ChunkWriter.sessionWelcome(datagram, MULTICAST, FuzzedNode.CHUNK_BYTES, TimeUnit.SECONDS.toNanos(1));
        int memberId = input.next();
        if (memberId > 0) {
            int capabilities = input.next();
            new Extension(
                            Extension.VERSION,
                            Extension.VERSION,
                            capabilities,
                            64,
                            1 << 20,
                            input.below(4),
                            memberId,
                            0,
                            "",
                            "",
                            "",
                            GroupDelivery.MULTICAST,
                            0,
                            memberId % 2 == 0 ? 0 : session.incarnation(),
                            memberId % 8 == 1 ? new JoinToken(1, 2) : JoinToken.NONE,
                            PathReport.NONE)
                    .write(datagram);
        }
        node.receive(COORDINATOR, datagram.flip());
    }

    /** Something with a sequence number on either side of the turn of the 16 bits, and whatever behind it. */
    private void speak() {
        ByteBuffer datagram = ByteBuffer.allocate(FuzzedNode.CHUNK_BYTES);
        int group = input.below(GROUPS);
        ChunkType type = SEQUENCED[input.below(SEQUENCED.length)];
        if (input.below(2) == 0) {
            ChunkWriter.sequenced(datagram, type, group, input.signed());
        } else if (type.isBroadcast()) {
            ChunkWriter.tagged(datagram, type, group, input.signed(), input.below(2));
        } else if (input.below(4) == 0) {
            JoinedGroup<?> asking = find(group);
            int membership = asking == null ? input.below(4) : asking.membership();
            ChunkWriter.groupPending(datagram, group, membership, input.below(2) == 0, "");
        } else {
            ChunkWriter.groupWelcome(datagram, group, input.signed(), input.below(2), input.below(4), input.below(4));
        }
        datagram.put(input.bytes(input.below(16)));
        node.receive(COORDINATOR, datagram.flip());
    }

    private void command() {
        int id = input.below(GROUPS);
        long nowNanos = node.nowNanos();
        JoinedGroup<?> group = find(id);
        switch (input.below(16)) {
            case 0, 1, 2 -> join(id, group, nowNanos);
            case 3 -> {
                if (group != null) {
                    group.leave(nowNanos);
                }
            }
            case 4 -> {
                if (group != null) {
                    session.removeGroup(group);
                }
            }
            case 5 -> session.leave();
            case 6, 7, 8, 9 -> {
                BarrierArrival arrival = arrivals.get(group);
                if (arrival != null && group.state() == JoinedGroup.State.JOINED) {
                    arrival.arrive(nowNanos);
                }
            }
            default -> {
                ReceiveWindow window = windows.get(group);
                if (window != null) {
                    read(window, nowNanos);
                }
            }
        }
    }

    private JoinedGroup<?> find(int id) {
        return session.groups().stream()
                .filter(group -> group.id() == id || group.label().name().equals(name(id)))
                .findFirst()
                .orElse(null);
    }

    private static String name(int id) {
        return "group " + id;
    }

    private void join(int id, JoinedGroup<?> before, long nowNanos) {
        boolean byName = session.can(Capability.JOIN_ANSWERS) && input.below(2) == 0;
        GroupLabel label = byName ? GroupLabel.of(name(id)) : GroupLabel.of(id);
        boolean free = (before == null || isOut(before)) && session.group(label) == null;
        if (session.isJoined() && session.loss() == null && free) {
            if (id == 0) {
                JoinedGroup<BarrierArrival> joined = session.join(BarrierKind.BARRIER, label, nowNanos);
                arrivals.put(joined, joined.work());
            } else {
                JoinedGroup<BroadcastReceiving> joined = session.join(BroadcastKind.BROADCAST, label, nowNanos);
                windows.put(joined, joined.work().window());
            }
        }
    }

    private void read(ReceiveWindow window, long nowNanos) {
        int chunks = 0;
        while (window.nextType() != null && chunks < WINDOW_CHUNKS) {
            int bytes = window.nextBytes();
            window.nextHasHeaders();
            check(bytes >= 0 && bytes <= payload.length, "a chunk is no longer than the chunk size");
            window.read(payload, 0, bytes, nowNanos);
            chunks++;
        }
    }
}
