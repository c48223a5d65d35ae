package io.camure.protocol.window;

import io.camure.wire.NodeIdentity;
import java.util.List;

/** Which of the receivers have what, for people. */
final class Receipts {

    private Receipts() {}

    /** Those that lack some of the chunks in front of {@code sequence}, as far as is known. */
    static List<NodeIdentity> lacking(List<Receiver> receivers, long sequence) {
        return receivers.stream()
                .filter(receiver ->
                        receiver.isConfirmed() && receiver.progress().firstMissing() < sequence)
                .map(Receiver::node)
                .toList();
    }

    /** Those that have the last chunk in front of {@code sequence} and all those before it that were for them. */
    static List<NodeIdentity> having(List<Receiver> receivers, long sequence) {
        return receivers.stream()
                .filter(receiver -> receiver.firstSequence() < sequence
                        && receiver.progress().firstMissing() >= sequence)
                .map(Receiver::node)
                .toList();
    }
}
