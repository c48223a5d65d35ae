package io.camure.faults;

import io.camure.faults.node.NodeScenario;
import io.camure.wire.Capability;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.GroupType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What somebody may send who knows the addresses and the groups of a session, and sees nothing of its traffic. */
final class Attacks {

    private static final int BARRIER = 0;
    private static final int BROADCAST = 1;
    private static final int GUESSED_EPOCH = 4711;
    private static final int GUESSED_MEMBERSHIP = 4711;
    private static final long GUESSED_INCARNATION = 4711;

    /** So few that no socket buffer overflows. */
    private static final int SPREAD = 64;

    private static final int PROBE_BYTES = 508;
    private static final int JOIN_BYTES = 160;

    private static final String UNIDENTIFIED = "unidentified";
    private static final String EARLIER = "earlier-incarnation";
    private static final String FOREIGN = "foreign-source";
    private static final String LEGACY = "legacy-peer";
    private static final String UNPROVEN = "unproven";

    private Attacks() {}

    /**
     * Datagrams that are sent together.
     *
     * @param reason for which each of them is dropped in a session that is not sealed
     */
    record Attack(String name, String reason, List<byte[]> datagrams) {

        /** For which they are dropped: in a session that is sealed, for being in clear; and some that are answered seldom only, for that. */
        List<String> reasons(NodeScenario.Protection protection) {
            return protection == NodeScenario.Protection.HARDENED
                    ? List.of(reason, "unanswered")
                    : List.of("unsecured");
        }
    }

    private static Attack hex(String name, String reason, String... datagrams) {
        return new Attack(
                name,
                reason,
                List.of(datagrams).stream().map(HexFormat.of()::parseHex).toList());
    }

    private static Attack written(String name, String reason, int count, IntFunction<Consumer<ByteBuffer>> writer) {
        return new Attack(
                name,
                reason,
                IntStream.range(0, count).mapToObj(i -> bytes(writer.apply(i))).toList());
    }

    private static byte[] bytes(Consumer<ByteBuffer> writer) {
        ByteBuffer datagram = ByteBuffer.allocate(1472);
        writer.accept(datagram);
        byte[] bytes = new byte[datagram.flip().remaining()];
        datagram.get(bytes);
        return bytes;
    }

    /** Every so many of the 65536 numbers, so that some of them are those that are waited for. */
    private static int spread(int i) {
        return i * ((1 << 16) / SPREAD);
    }

    private static Consumer<ByteBuffer> probe(Consumer<ByteBuffer> writer, int bytes) {
        return target -> {
            writer.accept(target);
            target.position(bytes);
        };
    }

    /** In the name of the coordinator, to a member's own socket. */
    static List<Attack> toMember() {
        List<Attack> attacks = new ArrayList<>(toGroup());
        attacks.add(hex("ends of both groups", UNIDENTIFIED, "0e0000", "0e0001", "0e0001746f6f20736c6f77"));
        attacks.add(written(
                "ends with a membership",
                EARLIER,
                2,
                group -> target -> ChunkWriter.groupDisconnected(target, group, "timeout", GUESSED_MEMBERSHIP)));
        attacks.add(written("another session", EARLIER, 1, i -> target -> {
            ChunkWriter.sessionWelcome(target, new InetSocketAddress("239.1.2.3", 7), 1000, 1_000_000_000L);
            Extension.offer(Capability.ALL, 64, 1 << 20, GUESSED_INCARNATION)
                    .withMemberId(1)
                    .write(target);
        }));
        attacks.add(written(
                "another session of protocol 0.1",
                EARLIER,
                1,
                i -> target -> ChunkWriter.sessionWelcome(
                        target, new InetSocketAddress("239.1.2.3", 7), 1000, 1_000_000_000L)));
        attacks.add(hex("refusals", EARLIER, "28", "2801020303"));
        attacks.add(hex("welcomes to groups", UNIDENTIFIED, "0b00000000", "0b00010000"));
        attacks.add(hex("acknowledgements of arrivals", UNIDENTIFIED, "0c00000000", "0c00000001"));
        attacks.add(hex("groups to wait for", UNIDENTIFIED, "2f00000000000000", "2f0001000000000178"));
        return attacks;
    }

    /** In the name of the coordinator, to a member's own socket or to all by multicast. */
    static List<Attack> toGroup() {
        return List.of(
                written("short messages", UNIDENTIFIED, SPREAD, i -> target -> {
                    ChunkWriter.sequenced(target, ChunkType.BROADCAST_MESSAGE, BROADCAST, spread(i));
                    target.put((byte) 7);
                }),
                written("messages with an epoch", FOREIGN, SPREAD, i -> target -> {
                    ChunkHeader.TAGGED.write(
                            target, ChunkType.BROADCAST_MESSAGE, BROADCAST, spread(i), GUESSED_EPOCH, 0);
                    target.put((byte) 7);
                }),
                written("messages with a nonce", FOREIGN, SPREAD, i -> target -> {
                    ChunkHeader.NONCED.write(
                            target, ChunkType.BROADCAST_FIRST_FRAGMENT, BROADCAST, spread(i), GUESSED_EPOCH, i);
                    target.put((byte) 7);
                }),
                written(
                        "releases",
                        UNIDENTIFIED,
                        SPREAD,
                        i -> target -> ChunkWriter.sequenced(target, ChunkType.BARRIER_RELEASED, BARRIER, i)),
                written(
                        "releases with an epoch",
                        FOREIGN,
                        SPREAD,
                        i -> target -> ChunkWriter.barrierReleased(target, BARRIER, i, 3, GUESSED_EPOCH, 0)),
                hex("broken rounds", UNIDENTIFIED, "2d00000000", "2d00000001"),
                written(
                        "broken rounds with an epoch",
                        FOREIGN,
                        SPREAD,
                        i -> target ->
                                ChunkWriter.barrierBroken(target, BARRIER, i, GUESSED_EPOCH, 0, List.of(), 1472)),
                written(
                        "queries",
                        UNIDENTIFIED,
                        SPREAD,
                        i -> target -> ChunkWriter.sequenced(target, ChunkType.BROADCAST_QUERY, BROADCAST, spread(i))),
                written(
                        "queries with an epoch",
                        FOREIGN,
                        SPREAD,
                        i -> target -> ChunkWriter.broadcastQuery(target, BROADCAST, spread(i), GUESSED_EPOCH)),
                written(
                        "probes",
                        UNIDENTIFIED,
                        64,
                        i -> probe(target -> ChunkWriter.multicastProbe(target, i << 26 | 1), PROBE_BYTES)),
                written(
                        "probes of the path",
                        UNIDENTIFIED,
                        64,
                        i -> probe(target -> ChunkWriter.pathProbe(target, i << 26 | 1, i % 4), PROBE_BYTES)));
    }

    /** In the name of a member, to the coordinator. */
    static List<Attack> toCoordinator() {
        return List.of(
                hex("leaves", UNIDENTIFIED, "0d0000", "0d0001"),
                hex("leaves with a membership", EARLIER, "0d000000001267", "0d000100001267"),
                hex("a goodbye", EARLIER, "2c0102020204080000000000001267" + "05020001"),
                hex("a member of protocol 0.1 at its address", LEGACY, "00", "0a000001", "0a000100"),
                written("another incarnation", UNPROVEN, 20, Attacks::join),
                written("another incarnation that joins a group", UNPROVEN, 20, i -> target -> {
                    ChunkWriter.groupJoin(target, BARRIER, GroupType.BARRIER);
                    offer(i).withMembership(i + 1).write(target);
                    Extension.pad(target, JOIN_BYTES);
                }),
                written(
                        "arrivals",
                        UNIDENTIFIED,
                        SPREAD,
                        i -> target -> ChunkWriter.sequenced(target, ChunkType.BARRIER_REACHED, BARRIER, i)),
                written(
                        "arrivals with a membership",
                        EARLIER,
                        SPREAD,
                        i -> target -> ChunkWriter.barrierReached(target, BARRIER, i, 0, GUESSED_MEMBERSHIP)),
                written(
                        "acknowledgements",
                        UNIDENTIFIED,
                        SPREAD,
                        i -> target -> ChunkWriter.sequenced(target, ChunkType.GROUP_ACK, i % 2, spread(i))),
                written(
                        "reports of everything",
                        UNIDENTIFIED,
                        SPREAD,
                        i -> target -> ChunkWriter.broadcastStatus(
                                target, BROADCAST, spread(i), spread(i), 1024, spread(i) - 1, 0, 0)),
                written(
                        "reports of everything with a membership",
                        EARLIER,
                        SPREAD,
                        i -> target -> ChunkWriter.broadcastStatus(
                                target,
                                BROADCAST,
                                spread(i),
                                spread(i) + 9000,
                                1024,
                                spread(i) - 1,
                                0,
                                GUESSED_MEMBERSHIP)));
    }

    /** In the name of a node that does not exist, to the coordinator. */
    static List<Attack> byNobody() {
        return List.of(
                hex("a node of protocol 0.1", LEGACY, "00", "0a000001", "0a000100"),
                written("a node that never proves its address", UNPROVEN, 20, Attacks::join),
                hex("speech without having joined", "not-in-session", "0d0000", "1e00000001", "0c00000000", "02"));
    }

    private static Consumer<ByteBuffer> join(int i) {
        return target -> {
            ChunkWriter.session(target, ChunkType.SESSION_JOIN);
            offer(i).write(target);
            Extension.pad(target, JOIN_BYTES);
        };
    }

    private static Extension offer(int i) {
        return Extension.offer(Capability.ALL, 1024, 1 << 20, GUESSED_INCARNATION + i);
    }
}
