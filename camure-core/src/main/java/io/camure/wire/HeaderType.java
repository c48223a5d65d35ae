package io.camure.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The headers that a message may have: those with an id of their own, and others by name. */
public enum HeaderType {
    /** One with a name, whose value is text. */
    TEXT(0, null, Value.TEXT),
    /** What the content is, a media type. */
    CONTENT_TYPE(1, "contentType", Value.TEXT),
    /** What the application calls the type of what the content stands for. */
    TYPE(2, "type", Value.TEXT),
    /** Which message it is. */
    MESSAGE_ID(3, "messageId", Value.TEXT),
    /** What the message is about. */
    KEY(4, "key", Value.TEXT),
    /** Which node the message was first sent by. */
    SENDER(5, "sender", Value.TEXT),
    /** When the message was first sent. */
    SENT(6, "sent", Value.TIME),
    /** When the message is worth nothing any more. */
    EXPIRY(7, "expiry", Value.TIME),
    /** Which trace sending the message belongs to. */
    TRACE(8, "traceparent", Value.TRACE),
    /** One with a name, whose value is bytes. */
    BYTES(9, null, Value.BYTES);

    private static final @Nullable HeaderType[] BY_ID = new HeaderType[values().length];

    private static final List<HeaderType> STANDARD =
            List.of(CONTENT_TYPE, TYPE, MESSAGE_ID, KEY, SENDER, SENT, EXPIRY, TRACE);

    static {
        for (HeaderType type : values()) {
            BY_ID[type.id] = type;
        }
    }

    /** What the value of a header is. */
    public enum Value {
        /** UTF-8. */
        TEXT(0),
        BYTES(0),
        /** Microseconds since 1970, as 8 bytes. */
        TIME(Long.BYTES),
        /** Trace id, parent id and flags of a traceparent of version 00, W3C Trace Context. */
        TRACE(16 + 8 + 1);

        private final int bytes;

        Value(int bytes) {
            this.bytes = bytes;
        }

        /** How long it is at least. */
        public int bytes() {
            return bytes;
        }
    }

    private final byte id;
    private final @Nullable String header;
    private final Value value;

    HeaderType(int id, @Nullable String header, Value value) {
        this.id = (byte) id;
        this.header = header;
        this.value = value;
    }

    byte id() {
        return id;
    }

    /** What it is called; {@code null} when it says that itself. */
    public @Nullable String header() {
        return header;
    }

    /** What its value is. */
    public Value value() {
        return value;
    }

    static @Nullable HeaderType of(byte id) {
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }

    /** The one that is called so, or {@link #TEXT} or {@link #BYTES} for a name that has no id of its own. */
    public static HeaderType of(String header, boolean isText) {
        for (HeaderType type : STANDARD) {
            if (header.equals(type.header)) {
                return type;
            }
        }
        return isText ? TEXT : BYTES;
    }
}
