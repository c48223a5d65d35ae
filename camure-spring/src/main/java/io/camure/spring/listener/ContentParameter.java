package io.camure.spring.listener;

import io.camure.Message;
import java.io.InputStream;
import java.lang.reflect.WildcardType;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;

/**
 * The parameter of a listener's method that takes the content of a message.
 *
 * @param type what the content is read as: that of the parameter in the bean's class, or of the payload that its message has
 * @param inMessage whether it is given as the payload of a message of Spring
 */
record ContentParameter(MethodParameter parameter, Class<?> type, boolean inMessage) {

    static ContentParameter of(MethodParameter parameter) {
        Class<?> declared = parameter.getParameterType();
        if (!org.springframework.messaging.Message.class.isAssignableFrom(declared)) {
            return new ContentParameter(parameter, declared, false);
        }
        ResolvableType payload = ResolvableType.forMethodParameter(parameter)
                .as(org.springframework.messaging.Message.class)
                .getGeneric();
        // Whatever it may be, nothing is known that it could be read as.
        boolean unknown = payload == ResolvableType.NONE || payload.getType() instanceof WildcardType;
        return new ContentParameter(parameter, payload.resolve(unknown ? byte[].class : Object.class), true);
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
