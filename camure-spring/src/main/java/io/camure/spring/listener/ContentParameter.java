package io.camure.spring.listener;

import io.camure.Message;
import io.camure.spring.payload.MessageTypes;
import java.io.InputStream;
import java.lang.reflect.WildcardType;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;

/**
 * The parameter of a listener's method that takes the content of a message.
 *
 * @param type what the content is read as: that of the parameter in the bean's class, or of the payload that its message has
 * @param sentAs what all messages of the group are, if this parameter takes only some of them; otherwise {@code null}
 * @param inMessage whether it is given as the payload of a message of Spring
 * @param types what messages are by their headers
 */
record ContentParameter(
        MethodParameter parameter, Class<?> type, @Nullable Class<?> sentAs, boolean inMessage, MessageTypes types) {

    /** Without these it is not known which messages are of a subtype. */
    private static final String TYPE_IDS = "com.fasterxml.jackson.annotation.JsonTypeInfo";

    /**
     * @param payloadType what all messages of the group are, {@code null} when that is not known
     * @param types what they are by their headers
     */
    static ContentParameter of(MethodParameter parameter, @Nullable Class<?> payloadType, MessageTypes types) {
        ContentParameter any = of(parameter, types);
        return payloadType != null
                        && payloadType != any.type
                        && payloadType.isAssignableFrom(any.type)
                        && MergedAnnotations.from(payloadType, SearchStrategy.TYPE_HIERARCHY)
                                .isPresent(TYPE_IDS)
                ? new ContentParameter(parameter, any.type, payloadType, any.inMessage, types)
                : any;
    }

    private static ContentParameter of(MethodParameter parameter, MessageTypes types) {
        Class<?> declared = parameter.getParameterType();
        if (!org.springframework.messaging.Message.class.isAssignableFrom(declared)) {
            return new ContentParameter(parameter, declared, null, false, types);
        }
        ResolvableType payload = ResolvableType.forMethodParameter(parameter)
                .as(org.springframework.messaging.Message.class)
                .getGeneric();
        // Whatever it may be, nothing is known that it could be read as.
        boolean unknown = payload == ResolvableType.NONE || payload.getType() instanceof WildcardType;
        return new ContentParameter(
                parameter, payload.resolve(unknown ? byte[].class : Object.class), null, true, types);
    }

    /** Whether content is taken by this parameter, once it is known what it is. */
    boolean takes(@Nullable Object value) {
        return sentAs == null || type.isInstance(value);
    }

    static boolean isHeader(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(Header.class)
                || parameter.hasParameterAnnotation(Headers.class)
                || MessageHeaders.class.isAssignableFrom(parameter.getParameterType());
    }

    /** Whether it is read while it arrives. */
    boolean isStreaming() {
        return isStreaming(type);
    }

    static boolean isStreaming(Class<?> type) {
        return type == InputStream.class || type == Message.class;
    }

    /** Whether there has to be something in the content. */
    boolean isRequired() {
        Payload payload = parameter.getParameterAnnotation(Payload.class);
        return (payload == null || payload.required()) && !parameter.isOptional();
    }
}
