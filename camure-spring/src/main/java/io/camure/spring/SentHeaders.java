package io.camure.spring;

import io.camure.Headers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.TemporalAccessor;
import java.util.Date;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.MimeType;

/** Makes the headers of a message of those that a sender has given to a message of Spring. */
final class SentHeaders {

    /** What Spring gives each message, what is taken from the converted one, and those of the protocol that it has come by. */
    private static final Set<String> NOT_CARRIED = Set.of(
            MessageHeaders.ID,
            MessageHeaders.TIMESTAMP,
            MessageHeaders.CONTENT_TYPE,
            NativeMessageHeaderAccessor.NATIVE_HEADERS);

    /** Where to answer within an application. */
    private static final Set<String> CHANNELS = Set.of(MessageHeaders.REPLY_CHANNEL, MessageHeaders.ERROR_CHANNEL);

    private SentHeaders() {}

    /**
     * @param given by the sender, if any
     * @param converted those of the message that the converter has made, which say what its content is
     * @param typeId what the group calls the type of the payload; the sender's own comes before it
     * @throws IllegalArgumentException when one can't be carried, or they are too long
     */
    static Headers of(String group, @Nullable MessageHeaders given, MessageHeaders converted, @Nullable String typeId) {
        Object contentType = converted.get(MessageHeaders.CONTENT_TYPE);
        if (given == null && contentType == null && typeId == null) {
            return Headers.NONE;
        }
        try {
            Headers.Builder headers = Headers.builder();
            if (typeId != null) {
                headers.type(typeId);
            }
            if (contentType != null) {
                headers.contentType(contentType.toString());
            }
            if (given != null) {
                given.forEach((name, value) -> put(headers, name, value));
            }
            return headers.build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the message for group '" + group + "' can't be sent: " + e.getMessage(), e);
        }
    }

    private static void put(Headers.Builder headers, String name, @Nullable Object value) {
        if (value == null || NOT_CARRIED.contains(name) || name.startsWith(CamureHeaders.PREFIX)) {
            return;
        }
        Instant time = name.equals(Headers.SENT) || name.equals(Headers.EXPIRY) ? timeOf(value) : null;
        String text = textOf(value);
        if (time != null) {
            headers.header(name, time);
        } else if (value instanceof byte[] bytes) {
            headers.header(name, bytes);
        } else if (text == null || CHANNELS.contains(name)) {
            throw new IllegalArgumentException("the header '" + name + "' is a "
                    + value.getClass().getName()
                    + ", which can't be carried: leave it out, or make it text, a number, a time or byte[]");
        } else {
            headers.header(name, text);
        }
    }

    /** Of a number, milliseconds since 1970, as in Spring's own timestamp. */
    private static @Nullable Instant timeOf(Object value) {
        if (value instanceof Instant time) {
            return time;
        } else if (value instanceof Date date) {
            return date.toInstant();
        }
        return value instanceof Long millis ? Instant.ofEpochMilli(millis) : null;
    }

    /** Of what has one form as text. */
    private static @Nullable String textOf(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        boolean isText = value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof UUID
                || value instanceof URI
                || value instanceof MimeType
                || value instanceof Locale
                || value instanceof Duration
                || value instanceof TemporalAccessor;
        return isText ? value.toString() : null;
    }
}
