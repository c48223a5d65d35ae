package io.camure.spring.listener;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.MessageBuilder;

/**
 * What a listener's method is called with.
 *
 * @param content that of the parameters which takes the content
 * @param headers resolves the others
 */
record ListenerArguments(
        List<MethodParameter> parameters,
        ContentParameter content,
        ContentArgumentResolver contents,
        HandlerMethodArgumentResolver headers) {

    /** @return {@code null} when the method is not for what is in the message */
    @Nullable
    Object @Nullable [] of(Message<?> message) throws Exception {
        Object taken = contents.resolve(content, message);
        if (taken == ContentArgumentResolver.OF_ANOTHER_TYPE) {
            return null;
        }
        @Nullable Object[] arguments = new Object[parameters.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i == content.parameter().getParameterIndex()
                    ? taken
                    : headers.resolveArgument(parameters.get(i), message);
        }
        return arguments;
    }

    /** A message with what the method takes as its payload. */
    Message<?> asTaken(Message<?> message, @Nullable Object[] arguments) {
        Object taken = arguments[content.parameter().getParameterIndex()];
        if (taken instanceof Message<?> whole) {
            return whole;
        }
        return taken == null || content.isStreaming()
                ? message
                : MessageBuilder.createMessage(taken, message.getHeaders());
    }
}
