package io.camure.spring.listener;

import io.camure.Message;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * Gives listeners the content as it is. Spring's own resolver can do that for bytes and text, too, but takes an empty message
 * for an error.
 */
final class MessageContentArgumentResolver implements HandlerMethodArgumentResolver {

    static boolean supports(Class<?> type) {
        return type == byte[].class || type == String.class || type == InputStream.class || type == Message.class;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return supports(parameter.getParameterType())
                && !parameter.hasParameterAnnotation(Header.class)
                && !parameter.hasParameterAnnotation(Headers.class);
    }

    @Override
    public Object resolveArgument(MethodParameter parameter, org.springframework.messaging.Message<?> message) {
        Object content = message.getPayload();
        Class<?> type = parameter.getParameterType();
        if (type == String.class) {
            return new String((byte[]) content, StandardCharsets.UTF_8);
        }
        return type == InputStream.class ? ((Message) content).inputStream() : content;
    }
}
