package io.camure.wire;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of collectives. An arrival and a release begin as those of barriers do, always with a nonce; the number of the roster
 * of participants follows, and a byte that says whether there is a value, or a result, behind it, and a {@link RoundContext} in front of
 * that.
 */
public final class CollectiveChunks {

    /** The bytes of an arrival in front of the call, and of a release in front of the result, without a context. */
    public static final int HEADER_BYTES = 26;

    /** Behind the id, the group and the round. */
    private static final int ROSTER = 16;

    private static final int PRESENT = 25;

    /** In that byte: the value is told of only, and comes as a message of its own. */
    private static final int ELSEWHERE = 2;

    /** In that byte, beside what else it says. */
    private static final int WITH_CONTEXT = 0x80;

    /** The most bytes of what says why a round has failed, in UTF-8. */
    public static final int DETAIL_BYTES = 400;

    /** The id of the coordinator in a roster, of which nothing else is told: each node knows it already. */
    public static final int COORDINATOR = 0;

    private static final int PAGE_FIELDS_BYTES = 2 * Integer.BYTES + Short.BYTES;
    private static final int LONGEST_CALL_TEXT_BYTES = 160;
    private static final int LONGEST_NODE_BYTES =
            Short.BYTES + Long.BYTES + 1 + 16 + Short.BYTES + 1 + NodeIdentity.NAME_BYTES;
    private static final byte[] NOTHING = {};

    /** In place of an id, where a node is only named. */
    public static final int UNKNOWN = 0xFFFF;

    /** A node and what the coordinator calls it. */
    public record Participant(int id, NodeIdentity node) {}

    private CollectiveChunks() {}

    /**
     * Writes the beginning of an arrival; the call and the value follow.
     *
     * @param delayMicros as in a BarrierReached
     * @param nonce of the release of the round before
     * @param roster the number of the last one that the member has whole, or 0
     * @param gives whether there is a value
     */
    public static void reached(
            ByteBuffer target,
            int group,
            long round,
            long delayMicros,
            int membership,
            long nonce,
            int roster,
            boolean gives) {
        ChunkWriter.sequenced(target, ChunkType.COLLECTIVE_REACHED, group, round);
        target.putInt(delayMicros < 0 ? ChunkReader.NO_DELAY : (int) Math.min(delayMicros, 0xFFFF_FFFEL));
        target.putInt(membership).putLong(nonce).putInt(roster).put((byte) (gives ? 1 : 0));
    }

    /**
     * Writes the beginning of a release; the result follows.
     *
     * @param size how many took part: 1…65535
     * @param lastArrived as in a BarrierReleased
     * @param roster the number of the one that lists who has taken part
     * @param has whether there is a result
     */
    public static void released(
            ByteBuffer target,
            int group,
            long round,
            int size,
            int epoch,
            int lastArrived,
            long nonce,
            int roster,
            boolean has) {
        ChunkWriter.sequenced(target, ChunkType.COLLECTIVE_RELEASED, group, round);
        target.putShort((short) size).putInt(epoch).putShort((short) lastArrived);
        target.putLong(nonce).putInt(roster).put((byte) (has ? 1 : 0));
    }

    /**
     * Adds to the beginning of an arrival or a release, which is all that the buffer has, what stands for the wait or for the round in
     * traces.
     *
     * @param context {@value RoundContext#BYTES} bytes
     */
    public static void putContext(ByteBuffer chunk, byte[] context) {
        chunk.put(PRESENT, (byte) (chunk.get(PRESENT) | WITH_CONTEXT));
        RoundContext.put(chunk, context);
    }

    /** That of an arrival or a release, which is whole; {@code null} without it. */
    public static byte @Nullable [] context(ChunkReader chunk) {
        return hasContext(chunk) ? RoundContext.at(chunk, HEADER_BYTES) : null;
    }

    private static boolean hasContext(ChunkReader chunk) {
        return (chunk.byteAt(PRESENT) & WITH_CONTEXT) != 0;
    }

    /** Says of the value or the result of an arrival or a release that it comes as a message of its own. */
    static void putElsewhere(ByteBuffer chunk) {
        chunk.put(PRESENT, (byte) (chunk.get(PRESENT) & WITH_CONTEXT | ELSEWHERE));
    }

    static boolean isElsewhere(ChunkReader chunk) {
        return (chunk.byteAt(PRESENT) & ~WITH_CONTEXT) == ELSEWHERE;
    }

    /** Whether an arrival or a release has all that it has to have. */
    public static boolean isWhole(ChunkReader chunk) {
        return chunk.lengthBytes() >= HEADER_BYTES && bodyBytes(chunk) >= 0;
    }

    /** The number of the roster that a member has, or that lists who has taken part. */
    public static int roster(ChunkReader chunk) {
        return chunk.intOrZero(ROSTER);
    }

    /** Whether there is a value or a result. */
    public static boolean isPresent(ChunkReader chunk) {
        return (chunk.byteAt(PRESENT) & ~WITH_CONTEXT) != 0;
    }

    private static int bodyOffset(ChunkReader chunk) {
        return HEADER_BYTES + (hasContext(chunk) ? RoundContext.BYTES : 0);
    }

    /** How many bytes are behind the header and the context: call and value, or the result. */
    public static int bodyBytes(ChunkReader chunk) {
        return chunk.lengthBytes() - bodyOffset(chunk);
    }

    /** Copies these. */
    public static void copyBody(ChunkReader chunk, byte[] target) {
        chunk.copy(bodyOffset(chunk), target, bodyBytes(chunk));
    }

    /**
     * Writes a page of a roster: as many participants as there is room for.
     *
     * @param roster its number
     * @param first the rank of the first one to be written
     * @return the rank of the first one that was not written
     */
    public static int roster(
            ByteBuffer target,
            int group,
            int epoch,
            int roster,
            List<Participant> participants,
            int first,
            int chunkBytes) {
        ChunkWriter.sequenced(target, ChunkType.COLLECTIVE_ROSTER, group, first);
        target.putInt(epoch).putInt(roster).putShort((short) participants.size());
        int next = first;
        while (next < participants.size()
                && target.position() + LONGEST_NODE_BYTES <= Math.min(chunkBytes, target.capacity())) {
            put(target, participants.get(next++));
        }
        return next;
    }

    private static void put(ByteBuffer target, Participant participant) {
        target.putShort((short) participant.id());
        if (participant.id() != COORDINATOR) {
            NodeIdentity node = participant.node();
            byte[] ip = node.address().getAddress().getAddress();
            byte[] name = WireText.utf8(node.name(), NodeIdentity.NAME_BYTES);
            target.putLong(node.incarnation()).put((byte) ip.length).put(ip);
            target.putShort((short) node.address().getPort())
                    .put((byte) name.length)
                    .put(name);
        }
    }

    /** Whether a page of a roster has all that it has to have. */
    public static boolean isWholePage(ChunkReader page) {
        return page.payloadBytes() >= PAGE_FIELDS_BYTES;
    }

    /** The number of the roster that a page is of. */
    public static int rosterOfPage(ChunkReader page) {
        return page.intOrZero(Integer.BYTES);
    }

    /** How many participants the roster of a page has: 0…65535. */
    public static int rosterSize(ChunkReader page) {
        return page.intOrZero(PAGE_FIELDS_BYTES - Integer.BYTES) & 0xFFFF;
    }

    /** The participants of a page, as far as they can be read; the first one has the rank that is the sequence number. */
    public static List<Participant> participants(ChunkReader page, NodeIdentity coordinator) {
        ByteBuffer source = page.fields();
        source.position(PAGE_FIELDS_BYTES);
        return read(source, 0xFFFF, coordinator);
    }

    private static List<Participant> read(ByteBuffer source, int most, NodeIdentity coordinator) {
        List<Participant> read = new ArrayList<>();
        while (read.size() < most && source.remaining() >= Short.BYTES) {
            int id = source.getShort() & 0xFFFF;
            if (id == COORDINATOR) {
                read.add(new Participant(id, coordinator));
                continue;
            }
            if (source.remaining() < Long.BYTES + 1) {
                break;
            }
            long incarnation = source.getLong();
            int length = source.get();
            if (length != 4 && length != 16 || source.remaining() < length + Short.BYTES + 1) {
                break;
            }
            byte[] ip = new byte[length];
            source.get(ip);
            InetSocketAddress address = MissingMembers.socketAddress(ip, source.getShort() & 0xFFFF);
            int nameBytes = source.get() & 0xFF;
            if (source.remaining() < nameBytes) {
                break;
            }
            read.add(
                    new Participant(id, new NodeIdentity(Extension.readName(source, nameBytes), address, incarnation)));
        }
        return read;
    }

    /**
     * Writes why a round has no result.
     *
     * @param cause why: 0…255
     * @param detail what has failed, for people: as much as fits into {@value #DETAIL_BYTES} bytes is written
     * @param nodes who is named: as many as there is room for
     * @param calls what each of these has called, or none at all
     */
    public static void broken(
            ByteBuffer target,
            int group,
            long round,
            int epoch,
            int cause,
            String detail,
            List<Participant> nodes,
            List<String> calls,
            int chunkBytes) {
        ChunkWriter.sequenced(target, ChunkType.COLLECTIVE_BROKEN, group, round);
        byte[] text = WireText.utf8(detail, DETAIL_BYTES);
        target.putInt(epoch).put((byte) cause).putShort((short) text.length).put(text);
        int end = Math.min(chunkBytes, target.capacity());
        for (int i = 0; i < nodes.size(); i++) {
            byte[] call = calls.isEmpty() ? NOTHING : WireText.utf8(calls.get(i), LONGEST_CALL_TEXT_BYTES);
            if (target.position() + 1 + call.length + LONGEST_NODE_BYTES > end) {
                break;
            }
            target.put((byte) call.length).put(call);
            put(target, nodes.get(i));
        }
    }

    /** Why a round has no result, as far as it can be read. */
    public record Broken(int cause, String detail, List<NodeIdentity> nodes, List<String> calls) {}

    /** Reads why a round has no result; what is from the network is fit to be printed. */
    public static Broken broken(ChunkReader chunk, NodeIdentity coordinator) {
        ByteBuffer source = chunk.fields();
        if (source.remaining() < Integer.BYTES + 1 + Short.BYTES) {
            return new Broken(0, "", List.of(), List.of());
        }
        source.position(Integer.BYTES);
        int cause = source.get() & 0xFF;
        int detailBytes = Math.min(source.getShort() & 0xFFFF, source.remaining());
        String detail = WireText.printable(WireText.read(source, detailBytes, DETAIL_BYTES));
        List<NodeIdentity> nodes = new ArrayList<>();
        List<String> calls = new ArrayList<>();
        while (source.hasRemaining()) {
            int callBytes = source.get() & 0xFF;
            if (source.remaining() < callBytes) {
                break;
            }
            String call = WireText.printable(WireText.read(source, callBytes, LONGEST_CALL_TEXT_BYTES));
            List<Participant> one = read(source, 1, coordinator);
            if (one.isEmpty()) {
                break;
            }
            nodes.add(one.get(0).node());
            calls.add(call);
        }
        return new Broken(cause, detail, nodes, calls);
    }
}
