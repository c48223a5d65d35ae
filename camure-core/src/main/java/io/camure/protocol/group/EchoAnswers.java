package io.camure.protocol.group;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.EchoFlag;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers echo requests, a bounded number a second for each source, and fewer in all by multicast, which everybody gets. No
 * answer is longer than its request, so that nobody can have more sent in the name of another than it sends itself.
 */
public final class EchoAnswers {

    /** More than a doctor asks for, who waits between two requests. */
    public static final int PER_SECOND = 100;

    /** Of all sources together. */
    public static final int BY_MULTICAST_PER_SECOND = 20;

    private static final int ROOM_BYTES = 1 << 16;

    private final @Nullable InetSocketAddress multicastAddress;
    private final boolean listens;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final AnswerLimit limit = new AnswerLimit(PER_SECOND);
    private final AnswerLimit multicastLimit = new AnswerLimit(BY_MULTICAST_PER_SECOND);

    /** What the answers of a turn are written into; bounds how much a turn answers. */
    private ByteBuffer answers = ByteBuffer.allocate(0);

    /**
     * @param multicastAddress where group traffic goes; {@code null} where nothing is sent by multicast, and so all answers go to
     *     who asks
     * @param listens whether this node also takes requests that are sent there
     */
    public EchoAnswers(
            @Nullable InetSocketAddress multicastAddress, boolean listens, Outbox outbox, ProtocolCounters counters) {
        this.multicastAddress = multicastAddress;
        this.listens = listens;
        this.outbox = outbox;
        this.counters = counters;
    }

    /** @param chunk an EchoRequest */
    public void onRequest(InetSocketAddress source, ChunkReader chunk, long nowNanos) {
        InetSocketAddress group = chunk.isSet(EchoFlag.BY_MULTICAST) ? multicastAddress : null;
        if (!limit.allows(source, nowNanos) || group != null && !multicastLimit.allows(group, nowNanos)) {
            counters.onDropped(DropReason.UNANSWERED);
            return;
        }
        ByteBuffer answer = room(chunk.lengthBytes());
        if (answer == null) {
            counters.onDropped(DropReason.UNANSWERED);
            return;
        }
        int start = answer.position();
        boolean whole = chunk.isSet(EchoFlag.WHOLE);
        ChunkWriter.echo(answer, ChunkType.ECHO_ANSWER, chunk.number(), flags(whole, group != null));
        if (whole) {
            answer.position(start + chunk.lengthBytes());
        }
        outbox.send(group != null ? group : source, answer, start, answer.position());
    }

    /** Where an answer may be written, or {@code null} when this turn has answered enough. */
    private @Nullable ByteBuffer room(int bytes) {
        if (answers.capacity() == 0) {
            answers = ByteBuffer.allocateDirect(ROOM_BYTES);
        } else if (!outbox.hasDatagrams()) {
            answers.clear();
        }
        if (answers.remaining() <= bytes) {
            return null;
        }
        // With a gap, two are no run: the kernel may refuse one of datagrams that are too long for its interface.
        return answers.position(answers.position() + 1);
    }

    private EchoFlag[] flags(boolean whole, boolean byMulticast) {
        List<EchoFlag> flags = new ArrayList<>();
        if (listens) {
            flags.add(EchoFlag.LISTENS);
        }
        if (whole) {
            flags.add(EchoFlag.WHOLE);
        }
        if (byMulticast) {
            flags.add(EchoFlag.BY_MULTICAST);
        }
        return flags.toArray(EchoFlag[]::new);
    }
}
