package io.camure;

import io.camure.wire.HeaderBlock;
import io.camure.wire.HeaderType;
import io.camure.wire.HeaderWriter;
import io.camure.wire.Traceparent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a message beside its content: the standard headers, which take one byte beside their values, and others by name. Names
 * are told apart by case. Immutable and thread-safe; one that is the same for many messages is best made once.
 *
 * <p>All headers of a message have at most {@value #MAXIMUM_BYTES} bytes. They come from the network, and say what their sender says.
 */
public final class Headers {

    /** The most bytes of all headers of a message: each has its value, one or two bytes for the length of that and one for its id, or in
     * place of the id two and its name. */
    public static final int MAXIMUM_BYTES = HeaderBlock.MAXIMUM_BYTES;

    /** What the content is, a media type such as {@code application/json}. */
    public static final String CONTENT_TYPE = "contentType";

    /** What the application calls the type of what the content stands for; no class is ever loaded by it. */
    public static final String TYPE = "type";

    /** Which message it is, by what the application tells messages apart. */
    public static final String MESSAGE_ID = "messageId";

    /** What the message is about, as an account or a currency. */
    public static final String KEY = "key";

    /** The name of the node that has first sent the message. */
    public static final String SENDER = "sender";

    /** When it was first sent, by the sender's clock: an {@link Instant}, to the microsecond. */
    public static final String SENT = "sent";

    /** When it is worth nothing any more: an {@link Instant}, to the microsecond; see {@link Builder#expiry}. */
    public static final String EXPIRY = "expiry";

    /** The {@code traceparent} of the <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>, version 00: 25 bytes. */
    public static final String TRACEPARENT = "traceparent";

    /** No headers. */
    public static final Headers NONE = new Headers(new HeaderWriter().block());

    private final byte[] block;

    private Headers(byte[] block) {
        this.block = block;
    }

    /** One header; see {@link Builder#header(String, String)}. */
    public static Headers of(String name, String value) {
        return builder().header(name, value).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Takes headers as {@link #encoded} gives them.
     *
     * @param encoded begins with them
     * @param bytes how many of it they are
     * @return empty when they can't be read
     */
    public static Optional<Headers> decode(byte[] encoded, int bytes) {
        byte[] block = Arrays.copyOf(encoded, bytes);
        return HeaderBlock.isReadable(block) ? Optional.of(new Headers(block)) : Optional.empty();
    }

    /** These headers as they are in front of the content of a message: their length in one or two bytes, and they. */
    public byte[] encoded() {
        return block.clone();
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return block.length == NONE.block.length;
    }

    /** The text of a header, or what it is as text: of a time as {@link Instant#toString}; empty when it is missing or is bytes. */
    public Optional<String> get(String name) {
        HeaderBlock headers = new HeaderBlock(block);
        return headers.find(name) && headers.type().value() != HeaderType.Value.BYTES
                ? Optional.of(value(headers).toString())
                : Optional.empty();
    }

    /** The bytes of a header, of text those in UTF-8; empty when it is missing. */
    public Optional<byte[]> bytes(String name) {
        HeaderBlock headers = new HeaderBlock(block);
        return headers.find(name) ? Optional.of(headers.bytes()) : Optional.empty();
    }

    /** {@link #CONTENT_TYPE} */
    public Optional<String> contentType() {
        return text(HeaderType.CONTENT_TYPE);
    }

    /** {@link #TYPE} */
    public Optional<String> type() {
        return text(HeaderType.TYPE);
    }

    /** {@link #MESSAGE_ID} */
    public Optional<String> messageId() {
        return text(HeaderType.MESSAGE_ID);
    }

    /** {@link #KEY} */
    public Optional<String> key() {
        return text(HeaderType.KEY);
    }

    /** {@link #SENDER} */
    public Optional<String> sender() {
        return text(HeaderType.SENDER);
    }

    /** {@link #SENT} */
    public Optional<Instant> sent() {
        return time(HeaderType.SENT);
    }

    /** {@link #EXPIRY} */
    public Optional<Instant> expiry() {
        return time(HeaderType.EXPIRY);
    }

    /** {@link #TRACEPARENT} */
    public Optional<String> traceparent() {
        HeaderBlock headers = new HeaderBlock(block);
        return headers.find(HeaderType.TRACE) ? Optional.of(Traceparent.text(headers.bytes())) : Optional.empty();
    }

    private Optional<String> text(HeaderType type) {
        HeaderBlock headers = new HeaderBlock(block);
        return headers.find(type) ? Optional.of(headers.text()) : Optional.empty();
    }

    private Optional<Instant> time(HeaderType type) {
        HeaderBlock headers = new HeaderBlock(block);
        return headers.find(type) ? Optional.of(instant(headers.micros())) : Optional.empty();
    }

    /** All by name, in order: {@link String}, {@code byte[]}, and {@link Instant} for times. */
    public Map<String, Object> toMap() {
        Map<String, Object> all = new LinkedHashMap<>();
        HeaderBlock headers = new HeaderBlock(block);
        while (headers.next()) {
            all.putIfAbsent(headers.name(), value(headers));
        }
        return all;
    }

    private static Object value(HeaderBlock header) {
        return switch (header.type().value()) {
            case TEXT -> header.text();
            case BYTES -> header.bytes();
            case TIME -> instant(header.micros());
            case TRACE -> Traceparent.text(header.bytes());
        };
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers headers && Arrays.equals(block, headers.block);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(block);
    }

    /** Their names, without what they say. */
    @Override
    public String toString() {
        return toMap().keySet().toString();
    }

    /** Makes headers; those that are put again are replaced. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Entry> entries = new LinkedHashMap<>();

        private record Entry(HeaderType type, byte[] value) {}

        private Builder() {}

        /** All that others have. */
        public Builder headers(Headers others) {
            HeaderBlock headers = new HeaderBlock(others.block);
            while (headers.next()) {
                entries.put(headers.name(), new Entry(headers.type(), headers.bytes()));
            }
            return this;
        }

        /** {@link Headers#CONTENT_TYPE} */
        public Builder contentType(String contentType) {
            return header(CONTENT_TYPE, contentType);
        }

        /** {@link Headers#TYPE} */
        public Builder type(String type) {
            return header(TYPE, type);
        }

        /** {@link Headers#MESSAGE_ID} */
        public Builder messageId(String messageId) {
            return header(MESSAGE_ID, messageId);
        }

        /** {@link Headers#KEY} */
        public Builder key(String key) {
            return header(KEY, key);
        }

        /** {@link Headers#SENDER} */
        public Builder sender(String sender) {
            return header(SENDER, sender);
        }

        /** {@link Headers#SENT} */
        public Builder sent(Instant sent) {
            return header(SENT, sent);
        }

        /**
         * When the message is worth nothing any more: a member that comes to read it later drops it and counts it, however long it
         * has waited there. That is judged by the member's own clock, so that the clocks of the hosts have to agree as well as matters.
         * Who has acknowledged the message has not necessarily given it to its application.
         */
        public Builder expiry(Instant expiry) {
            return header(EXPIRY, expiry);
        }

        /**
         * {@link Headers#TRACEPARENT}
         *
         * @throws IllegalArgumentException when it is not of version 00, in lower case, with a trace id and a parent id
         */
        public Builder traceparent(String traceparent) {
            return header(TRACEPARENT, traceparent);
        }

        /**
         * A header whose value is text, one by name or a standard one.
         *
         * @param name 1…{@value HeaderBlock#MAXIMUM_NAME_BYTES} bytes in UTF-8
         * @throws IllegalArgumentException when the name is empty or too long, or the value is not one of the standard header with this name
         */
        public Builder header(String name, String value) {
            HeaderType type = HeaderType.of(name, true);
            return switch (type.value()) {
                case TRACE -> put(name, type, Traceparent.bytes(value));
                case TIME ->
                    throw new IllegalArgumentException("the header '" + name + "' is a time: give it an Instant");
                default -> put(name, type, value.getBytes(StandardCharsets.UTF_8));
            };
        }

        /**
         * A header by name whose value is bytes.
         *
         * @param name 1…{@value HeaderBlock#MAXIMUM_NAME_BYTES} bytes in UTF-8
         * @throws IllegalArgumentException when the name is empty, too long or that of a standard header
         */
        public Builder header(String name, byte[] value) {
            HeaderType type = HeaderType.of(name, false);
            if (type != HeaderType.BYTES) {
                throw new IllegalArgumentException("the header '" + name + "' can't be bytes: it is a standard one");
            }
            return put(name, type, value.clone());
        }

        /**
         * {@link Headers#SENT} or {@link Headers#EXPIRY}.
         *
         * @throws IllegalArgumentException when it is another header, or farther than 290,000 years from 1970
         */
        public Builder header(String name, Instant time) {
            HeaderType type = HeaderType.of(name, true);
            if (type.value() != HeaderType.Value.TIME) {
                throw new IllegalArgumentException("the header '" + name + "' can't be a time: give it text");
            }
            try {
                return put(name, type, HeaderWriter.time(ChronoUnit.MICROS.between(Instant.EPOCH, time)));
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("the header '" + name + "' is out of range: " + time, e);
            }
        }

        private Builder put(String name, HeaderType type, byte[] value) {
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (bytes == 0 || bytes > HeaderBlock.MAXIMUM_NAME_BYTES) {
                throw new IllegalArgumentException("the name of a header has " + bytes + " bytes, but must have 1…"
                        + HeaderBlock.MAXIMUM_NAME_BYTES + ": '" + name + "'");
            }
            entries.put(name, new Entry(type, value));
            return this;
        }

        /** @throws IllegalArgumentException when there are more than {@value Headers#MAXIMUM_BYTES} bytes; it names the largest header */
        public Headers build() {
            HeaderWriter writer = new HeaderWriter();
            entries.forEach((name, entry) -> writer.put(entry.type(), name, entry.value()));
            if (writer.bytes() > MAXIMUM_BYTES) {
                throw tooLong(writer.bytes());
            }
            return new Headers(writer.block());
        }

        private IllegalArgumentException tooLong(int bytes) {
            Map.Entry<String, Entry> largest = Collections.max(
                    entries.entrySet(),
                    Comparator.comparingInt(entry -> entry.getValue().value().length));
            return new IllegalArgumentException("the headers have " + bytes + " bytes, but a message may have "
                    + MAXIMUM_BYTES + ": the largest is '" + largest.getKey() + "' with "
                    + largest.getValue().value().length + " bytes. Put what it says into the content");
        }
    }
}
