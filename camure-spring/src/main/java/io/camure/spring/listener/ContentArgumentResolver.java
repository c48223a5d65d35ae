package io.camure.spring.listener;

import io.camure.Headers;
import io.camure.Message;
import io.camure.spring.payload.MessageTypes;
import io.camure.spring.payload.PayloadConverter;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.ClassUtils;
import org.springframework.validation.Validator;

/** Gives listeners the content of messages, converted as senders have converted it, and validated if that is asked for. */
final class ContentArgumentResolver extends PayloadMethodArgumentResolver {

    /** Stands for what a listener is not called with. */
    static final Object OF_ANOTHER_TYPE = new Object();

    private final PayloadConverter converter;

    ContentArgumentResolver(PayloadConverter converter, @Nullable Validator validator) {
        super(converter.messageConverter(), validator);
        this.converter = converter;
    }

    @Override
    public @Nullable Object resolveArgument(
            MethodParameter parameter, org.springframework.messaging.Message<?> message) {
        return resolve(ContentParameter.of(parameter, null, MessageTypes.NONE), message);
    }

    /** @return {@link #OF_ANOTHER_TYPE} when the content is for another listener */
    @Nullable
    Object resolve(ContentParameter content, org.springframework.messaging.Message<?> message) {
        if (content.type() == InputStream.class) {
            return ((Message) message.getPayload()).inputStream();
        } else if (content.isStreaming()) {
            return message.getPayload();
        }
        Class<?> named = PayloadConverter.isAsItIs(content.type())
                ? null
                : content.types().of(message, Headers.TYPE);
        if (named != null && !ClassUtils.isAssignable(content.type(), named)) {
            return OF_ANOTHER_TYPE;
        }
        Object value = value(content, named, message);
        if (!content.takes(value)) {
            return OF_ANOTHER_TYPE;
        } else if (value != null) {
            validate(message, content.parameter(), value);
        } else if (content.isRequired() || content.inMessage()) {
            throw new MessageConversionException(
                    message,
                    "the content is null in JSON, but a " + content.type().getName()
                            + " is needed: annotate the parameter with @Payload(required = false) to take null");
        }
        return value != null && content.inMessage() ? MessageBuilder.createMessage(value, message.getHeaders()) : value;
    }

    private @Nullable Object value(
            ContentParameter content, @Nullable Class<?> named, org.springframework.messaging.Message<?> message) {
        if (named != null && named != ClassUtils.resolvePrimitiveIfNecessary(content.type())) {
            return converter.fromMessage(message, named, null);
        }
        boolean nothing = message.getPayload() instanceof byte[] bytes && bytes.length == 0;
        return nothing && !PayloadConverter.isAsItIs(content.type()) && !content.isRequired()
                ? null
                : content.sentAs() == null
                        ? converter.fromMessage(message, content.type(), content.parameter())
                        : converter.fromMessage(message, content.sentAs(), null);
    }
}
