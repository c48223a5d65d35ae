package io.camure.node.collective;

import io.camure.Node;
import io.camure.Outcome;
import io.camure.Round;
import io.camure.node.group.Nodes;
import io.camure.node.round.RoundWaiter;
import io.camure.protocol.collective.RoundResult;
import io.camure.wire.NodeIdentity;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is kept of a round for its caller, until that has made of it what it gets. */
final class RoundLanding implements RoundWaiter.Landing<Call<?>, Outcome<?>> {

    private final RoundResult source;
    private byte[] bytes = {};
    private ByteBuffer buffer = ByteBuffer.wrap(bytes);

    /** What it is, if it was read already. */
    private @Nullable Object value;

    private int rank;
    private List<NodeIdentity> participants = List.of();

    /** The participants as users know them, made anew only when there are others. */
    private List<Node> nodes = List.of();

    /** @param source has it, under the driver's lock */
    RoundLanding(RoundResult source) {
        this.source = source;
    }

    @Override
    public void onReleased(Call<?> call) {
        rank = source.rank();
        if (participants != source.participants()) {
            participants = source.participants();
            nodes = Nodes.of(participants);
        }
        FixedForm form = call.formOfResult(source.bytes().length());
        if (form != null) {
            value = form.read(wrapped(source.bytes().array()));
        } else {
            value = null;
            bytes = source.bytes().copy(0, source.bytes().length());
        }
    }

    /** It is the same array as long as results are not longer. */
    private ByteBuffer wrapped(byte[] array) {
        if (buffer.array() != array) {
            buffer = ByteBuffer.wrap(array);
        }
        return buffer;
    }

    @Override
    public Outcome<?> result(
            Call<?> call,
            long number,
            int size,
            Duration duration,
            List<Node> lostMembers,
            long term,
            long generation) {
        Object read = value;
        Object result = read == null ? call.decoder().apply(new Received(bytes, rank)) : read;
        return new Outcome<>(result, new Round(number, size, rank, nodes, duration, lostMembers, term, generation));
    }
}
