package io.camure.faults.fuzz;

import io.camure.Headers;
import io.camure.wire.ChunkReader;
import io.camure.wire.DropReason;
import io.camure.wire.HeaderBlock;
import java.nio.ByteBuffer;

/**
 * Reads whatever comes: it is refused, or every field of it can be read. The first byte shifts the datagram in its buffer,
 * as in a batch.
 */
public final class ChunkReaderFuzzer {

    private static final ChunkReader READER = new ChunkReader();

    private ChunkReaderFuzzer() {}

    public static void fuzzerTestOneInput(byte[] data) {
        int start = data.length == 0 ? 0 : Math.min(data[0] & 0xFF, data.length);
        ByteBuffer datagram = ByteBuffer.wrap(data).position(start);
        DropReason reason = READER.read(datagram);
        check(datagram.position() == start && datagram.limit() == data.length, "reading moves nothing");
        if (reason == null) {
            readFields();
        }
    }

    private static void readFields() {
        check(READER.lengthBytes() >= READER.type().minimumBytes(), "a chunk has its header");
        switch (READER.type()) {
            case SESSION_JOIN, SESSION_HEARTBEAT, SESSION_LEAVE, SESSION_REFUSED -> readExtension();
            case SESSION_WELCOME -> {
                readExtension();
                check(READER.multicastAddress().getPort() <= 65535, "a port has 16 bits");
                check(READER.chunkSizeBytes() >= 0, "a chunk size is not negative");
                READER.heartbeatIntervalNanos();
            }
            case GROUP_JOIN -> {
                readExtension();
                checkGroup();
                READER.groupType();
                check(!READER.asksByName() || !READER.extension().groupName().isEmpty(), "who asks by name has one");
            }
            case GROUP_PENDING -> {
                checkGroup();
                READER.tellsId();
                READER.membership();
                READER.pendingReason();
            }
            case GROUP_LEAVE -> checkGroup();
            case GROUP_DISCONNECTED -> {
                checkGroup();
                READER.reason();
            }
            default -> readSequenced();
        }
    }

    private static void readExtension() {
        if (READER.extension() != null) {
            check(READER.extension().lowestVersion() > 0, "an offer names versions");
            check(READER.extension().receiveBufferBytes() >= 0, "a buffer is not negative");
            READER.extension().isUnderstood();
        }
    }

    private static void checkGroup() {
        check(READER.group() >= 0 && READER.group() <= 65535, "a group id has 16 bits");
    }

    private static void readSequenced() {
        checkGroup();
        check(READER.sequence() >= 0 && READER.sequence() <= 65535, "a sequence number has 16 bits");
        check(READER.epoch() >= -1, "an epoch is known or not");
        READER.acknowledgesWelcome();
        READER.membership();
        READER.lastArrived();
        READER.delayMicros();
        READER.welcomedMember();
        READER.brokenCause();
        switch (READER.type()) {
            case BARRIER_BROKEN -> check(READER.missingMembers().size() <= 255, "their count is one byte");
            case BROADCAST_STATUS -> {
                READER.statusEnd();
                READER.statusRoom();
                READER.statusNewest();
                READER.statusDelayMicros();
                for (int distance = 1; distance <= 1100; distance++) {
                    READER.statusHas(distance);
                }
            }
            case BROADCAST_MESSAGE,
                    BROADCAST_FIRST_FRAGMENT,
                    BROADCAST_FRAGMENT,
                    BROADCAST_FINAL_FRAGMENT,
                    BROADCAST_BUNDLE -> payload();
            case BROADCAST_MESSAGE_WITH_HEADERS, BROADCAST_FIRST_FRAGMENT_WITH_HEADERS -> readHeaders(payload());
            default -> {}
        }
    }

    private static byte[] payload() {
        byte[] payload = new byte[READER.payloadBytes()];
        READER.copyPayload(payload, 0);
        return payload;
    }

    private static void readHeaders(byte[] message) {
        int bytes = HeaderBlock.wholeBytes(message, message.length);
        check(bytes >= -1 && bytes <= HeaderBlock.LENGTH_BYTES + HeaderBlock.MAXIMUM_BYTES, "headers are bounded");
        if (bytes <= 0 || bytes > message.length) {
            return;
        }
        Headers headers = Headers.decode(message, bytes).orElse(null);
        if (headers != null) {
            check(headers.encoded().length == bytes, "headers are as long as they say");
            check(headers.toMap().keySet().stream().noneMatch(String::isEmpty), "a header has a name");
            headers.expiry();
            headers.traceparent();
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not true: " + what);
        }
    }
}
