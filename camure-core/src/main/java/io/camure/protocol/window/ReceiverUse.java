package io.camure.protocol.window;

import io.camure.wire.NodeIdentity;
import java.util.List;

/**
 * How far a receiver is, as its sender knows it.
 *
 * @param missingChunks how many of the chunks that were sent it has not acknowledged
 * @param keptChunks how many it keeps for its reader, as it told last
 * @param windowChunks how many it can keep; 0 when it does not tell, as legacy peers don't
 */
public record ReceiverUse(NodeIdentity node, int missingChunks, int keptChunks, int windowChunks) {

    /** @param sentEnd the first chunk that was not sent yet */
    static List<ReceiverUse> of(Audience audience, long sentEnd) {
        return audience.receivers().stream()
                .filter(Receiver::isConfirmed)
                .map(receiver -> receiver.use(sentEnd))
                .toList();
    }
}
