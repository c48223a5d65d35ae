package io.camure.spring.collective;

import io.camure.ValueCodec;
import io.camure.spring.payload.PayloadConverter;
import java.util.Map;
import java.util.Objects;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.messaging.support.GenericMessage;

/**
 * Values of a type of the application, as the content of a message is written. Nodes compare its simple name: applications may have
 * the type in packages of their own.
 */
final class PayloadCodec<T> implements ValueCodec<T> {

    /** What the core allows of names, which are of ASCII nearly always. */
    private static final int LONGEST_NAME = 64;

    private static final MessageHeaders NO_HEADERS = new MessageHeaders(Map.of());

    private final Class<T> type;
    private final ResolvableType hint;
    private final SmartMessageConverter converter;

    PayloadCodec(Class<T> type, PayloadConverter converter) {
        this.type = type;
        this.hint = ResolvableType.forClass(type);
        this.converter = converter.messageConverter();
    }

    @Override
    public String name() {
        String name = type.getSimpleName();
        return name.length() <= LONGEST_NAME ? name : name.substring(name.length() - LONGEST_NAME);
    }

    @Override
    public byte[] encode(T value) {
        return (byte[]) Objects.requireNonNull(converter.toMessage(value, NO_HEADERS, hint))
                .getPayload();
    }

    @Override
    public T decode(byte[] encoded) {
        Object value = converter.fromMessage(new GenericMessage<>(encoded, NO_HEADERS), type);
        if (value == null) {
            throw new IllegalArgumentException("the content is null, and no " + type.getName());
        }
        return type.cast(value);
    }

    @Override
    public String toString() {
        return name();
    }
}
