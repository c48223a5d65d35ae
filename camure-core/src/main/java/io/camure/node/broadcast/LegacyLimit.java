package io.camure.node.broadcast;

import io.camure.Node;
import io.camure.UndeliverableMessageException;
import io.camure.node.group.Nodes;
import io.camure.protocol.window.SendWindow;
import java.util.List;

/**
 * How long messages may be while there are legacy members.
 *
 * @param group as messages call it
 */
record LegacyLimit(Object group, SendWindow window) {

    /** @throws UndeliverableMessageException when a message is too long */
    void check(int messageBytes) {
        if (messageBytes > bytes()) {
            throw exceeded();
        }
    }

    long bytes() {
        return (long) window.longestMessageChunks() * window.payloadBytes();
    }

    UndeliverableMessageException exceeded() {
        List<Node> legacyMembers = Nodes.of(window.legacyReceivers());
        return new UndeliverableMessageException(
                group + ": a message of more than " + bytes() + " bytes (" + window.longestMessageChunks()
                        + " chunks) can't be sent while members speak protocol 0.1, which would never receive it: "
                        + legacyMembers + ". Send it in parts, use a larger chunk size, or let these members leave",
                bytes(),
                legacyMembers);
    }
}
