package io.camure.node.broadcast;

import io.camure.BroadcastReceiver;
import io.camure.Headers;
import io.camure.node.group.Counter;
import io.camure.node.group.NodeContext;
import io.camure.protocol.base.HeaderOutcome;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.HeaderBlock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages from a receive window: of each its beginning, with its headers, which may be in several chunks. A message whose
 * headers can't be read, or whose expiry is over, is dropped. Called under the driver's lock.
 */
final class IncomingMessages {

    /** Under the name that users know. */
    private static final Logger log = LoggerFactory.getLogger(BroadcastReceiver.class);

    private final NodeContext node;
    private final Object group;
    private final ReceiveWindow window;
    private final MessageInputStream.Source source;
    private final Counter bytesReceived;
    private final Set<HeaderOutcome> told = EnumSet.noneOf(HeaderOutcome.class);

    /** The headers of the next message as far as they are here, if its first chunk is. */
    private @Nullable IncomingHeaders begun;

    /**
     * @param group as messages call it
     * @param bytesReceived counts what is read
     */
    IncomingMessages(
            NodeContext node,
            Object group,
            ReceiveWindow window,
            MessageInputStream.Source source,
            Counter bytesReceived) {
        this.node = node;
        this.group = group;
        this.window = window;
        this.source = source;
        this.bytesReceived = bytesReceived;
    }

    /**
     * Takes what is next, which is here. What does not begin a message is the rest of one that nobody reads.
     *
     * @return {@code null} when no message is to be read yet
     */
    @Nullable
    MessageInputStream next(long nowNanos) {
        ChunkType type = window.nextType();
        IncomingHeaders headers = begun;
        if (headers != null && (type == ChunkType.BROADCAST_FRAGMENT || type == ChunkType.BROADCAST_FINAL_FRAGMENT)) {
            return fragmented(headers, type, nowNanos);
        }
        // Otherwise its message was given up.
        begun = null;
        if (type == ChunkType.BROADCAST_MESSAGE) {
            return whole(window.nextHasHeaders(), nowNanos);
        } else if (type == ChunkType.BROADCAST_FIRST_FRAGMENT && window.nextBytes() > 0) {
            return window.nextHasHeaders()
                    ? fragmented(new IncomingHeaders(), type, nowNanos)
                    : MessageInputStream.fragmented(source);
        }
        // A first fragment without data says that the message before it was given up.
        window.skip(nowNanos);
        return null;
    }

    private @Nullable MessageInputStream whole(boolean hasHeaders, long nowNanos) {
        byte[] message = new byte[window.nextBytes()];
        window.read(message, 0, message.length, nowNanos);
        bytesReceived.add(message.length);
        if (!hasHeaders) {
            return MessageInputStream.whole(source, Headers.NONE, message, 0);
        }
        int headerBytes = HeaderBlock.wholeBytes(message, message.length);
        boolean isHere = headerBytes > 0 && headerBytes <= message.length;
        Headers headers = isHere ? wanted(message, headerBytes) : refused();
        return headers == null ? null : MessageInputStream.whole(source, headers, message, headerBytes);
    }

    /** Reads of the headers what the next fragment has of them. */
    private @Nullable MessageInputStream fragmented(IncomingHeaders headers, ChunkType type, long nowNanos) {
        int left = window.nextBytes();
        if (left == 0) {
            window.skip(nowNanos);
        }
        int wanted = headers.wanted();
        while (wanted > 0 && left > 0) {
            int part = Math.min(wanted, left);
            headers.read(window, part, nowNanos);
            bytesReceived.add(part);
            left -= part;
            wanted = headers.wanted();
        }
        boolean ended = left == 0 && type == ChunkType.BROADCAST_FINAL_FRAGMENT;
        begun = wanted > 0 && !ended ? headers : null;
        if (begun != null) {
            return null;
        }
        Headers complete = wanted == 0 ? wanted(headers.bytes(), headers.count()) : refused();
        if (complete == null) {
            if (left > 0) {
                window.skip(nowNanos);
            }
            return null;
        }
        return MessageInputStream.fragmented(source, complete, ended, left > 0);
    }

    private @Nullable Headers wanted(byte[] encoded, int bytes) {
        Headers headers = Headers.decode(encoded, bytes).orElse(null);
        if (headers == null) {
            return refused();
        }
        Instant expiry = headers.expiry().orElse(null);
        if (expiry != null && expiry.isBefore(Instant.now())) {
            drop(
                    HeaderOutcome.EXPIRED,
                    "whose expiry is over by this host's clock. Is this node's application too slow, or do the hosts' clocks"
                            + " differ?");
            return null;
        }
        return headers;
    }

    private @Nullable Headers refused() {
        drop(HeaderOutcome.REFUSED, "whose headers can't be read: the coordinator's program makes them otherwise");
        return null;
    }

    private void drop(HeaderOutcome outcome, String why) {
        window.onHeaders(outcome);
        if (told.add(outcome)) {
            node.dispatcher()
                    .execute(() -> log.warn(
                            "{}: a message was dropped {} It is counted (headers {}), as others will be that this is not"
                                    + " logged for",
                            group,
                            why,
                            outcome.label()));
        }
    }
}
