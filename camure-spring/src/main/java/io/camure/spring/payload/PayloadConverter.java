package io.camure.spring.payload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.ClassUtils;

/**
 * Turns objects into the content of messages and back, by one rule for senders and listeners: bytes and text stay what they are,
 * whatever converters there are; anything else is for the first converter of the application that takes it, or else for JSON.
 * What only wraps an object is refused.
 */
public final class PayloadConverter {

    private final List<MessageConverter> converters;
    private final @Nullable MessageConverter json;
    private final boolean hasJackson2;

    private PayloadConverter(List<MessageConverter> converters, @Nullable MessageConverter json, boolean hasJackson2) {
        this.converters = converters;
        this.json = json;
        this.hasJackson2 = hasJackson2;
    }

    /** @param json {@code null} in an application without Jackson */
    public static PayloadConverter of(List<MessageConverter> ofTheApplication, @Nullable MessageConverter json) {
        List<MessageConverter> converters = new ArrayList<>(ofTheApplication);
        if (json != null) {
            converters.add(json);
        }
        return new PayloadConverter(
                List.copyOf(converters),
                json,
                ClassUtils.isPresent(
                        "com.fasterxml.jackson.databind.ObjectMapper", ClassUtils.getDefaultClassLoader()));
    }

    /** Whether content of this type is not converted. */
    public static boolean isAsItIs(Class<?> type) {
        return type == byte[].class || type == String.class || type == CharSequence.class;
    }

    /** Whether it can convert anything but bytes and text. */
    public boolean hasObjects() {
        return !converters.isEmpty();
    }

    /** What to do to have objects converted: {@code add spring-boot-starter-jackson to the application}. */
    public String howToHaveJson() {
        return hasJackson2
                ? "add spring-boot-starter-jackson to the application, which is Jackson 3 (tools.jackson): the Jackson 2"
                        + " (com.fasterxml.jackson) that it has is not used"
                : "add spring-boot-starter-jackson to the application";
    }

    /** For whoever knows no other. Not a bean: it is not for others, which have message converters of their own. */
    public SmartMessageConverter messageConverter() {
        return new SmartMessageConverter() {

            @Override
            public @Nullable Object fromMessage(Message<?> message, Class<?> type) {
                return fromMessage(message, type, null);
            }

            @Override
            public @Nullable Object fromMessage(Message<?> message, Class<?> type, @Nullable Object hint) {
                return PayloadConverter.this.fromMessage(message, type, hint);
            }

            @Override
            public Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
                return toMessage(payload, headers, null);
            }

            @Override
            public Message<?> toMessage(Object payload, @Nullable MessageHeaders headers, @Nullable Object hint) {
                return PayloadConverter.this.toMessage(payload, headers, hint);
            }
        };
    }

    /**
     * Says what the content is only if it was asked for headers, or if that is not what a receiver takes it for that is told nothing.
     *
     * @param hint the type of the payload, as a {@link org.springframework.core.ResolvableType}, where its class does not say that
     * @return a message whose payload is {@code byte[]}
     * @throws MessageConversionException when the payload wraps what is meant, or there is no converter for it
     */
    private Message<byte[]> toMessage(Object payload, @Nullable MessageHeaders headers, @Nullable Object hint) {
        MessageHeaders known = headers == null ? new MessageHeaders(Map.of()) : headers;
        if (payload instanceof byte[] bytes) {
            return MessageBuilder.createMessage(bytes, known);
        } else if (payload instanceof CharSequence text) {
            return MessageBuilder.createMessage(text.toString().getBytes(StandardCharsets.UTF_8), known);
        }
        String meant = WrappingTypes.meantBy(payload.getClass());
        if (meant != null) {
            throw new MessageConversionException(
                    payload.getClass().getName() + " is not a payload, but wraps one: send " + meant);
        }
        for (MessageConverter converter : converters) {
            Message<?> message = converter instanceof SmartMessageConverter smart
                    ? smart.toMessage(payload, known, hint)
                    : converter.toMessage(payload, known);
            byte[] content = message == null ? null : bytes(message.getPayload());
            if (message != null && content != null) {
                boolean isAssumed = headers == null && converter == json;
                Object contentType = message.getHeaders().get(MessageHeaders.CONTENT_TYPE);
                return isAssumed || contentType == null
                        ? MessageBuilder.createMessage(content, known)
                        : MessageBuilder.withPayload(content)
                                .copyHeaders(known)
                                .setHeader(MessageHeaders.CONTENT_TYPE, contentType)
                                .build();
            }
        }
        throw new MessageConversionException("no converter makes a message of "
                + payload.getClass().getName() + said(known) + ": " + howToHaveJson()
                + " to send it as JSON, or add a MessageConverter bean for it");
    }

    private static byte @Nullable [] bytes(Object payload) {
        return payload instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : payload instanceof byte[] bytes ? bytes : null;
    }

    /** What chooses among converters that take the same. */
    private static String said(MessageHeaders headers) {
        Object contentType = headers.get(MessageHeaders.CONTENT_TYPE);
        return contentType == null ? "" : " with the content type " + contentType;
    }

    /**
     * @param message its payload is {@code byte[]}
     * @param hint the parameter that takes it
     * @return {@code null} for the {@code null} of JSON
     * @throws MessageConversionException when there is no converter for this type, or the content is nothing of it
     */
    public @Nullable Object fromMessage(Message<?> message, Class<?> type, @Nullable Object hint) {
        byte[] content = (byte[]) message.getPayload();
        if (type == byte[].class) {
            return content;
        } else if (isAsItIs(type)) {
            return new String(content, StandardCharsets.UTF_8);
        }
        for (MessageConverter converter : converters) {
            Object value = converter instanceof SmartMessageConverter smart
                    ? smart.fromMessage(message, type, hint)
                    : converter.fromMessage(message, type);
            // Some leave to an Object what it is.
            if (value != null && value != content) {
                return value;
            }
        }
        if (json != null && new String(content, StandardCharsets.UTF_8).strip().equals("null")) {
            return null;
        }
        throw new MessageConversionException(
                message,
                "no converter makes a " + type.getName() + " of the content" + said(message.getHeaders())
                        + ": add a MessageConverter bean for it");
    }
}
