package io.camure.spring.listener;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/** A method of a bean that takes messages, those for which its condition holds. */
final class ListenerHandlerMethod implements ListenerMethod {

    private final String name;
    private final ListenerArguments arguments;
    private final ListenerInvocation invocation;
    private final @Nullable ListenerCondition condition;

    /** @param condition {@code null} when all messages are wanted */
    ListenerHandlerMethod(
            String name,
            ListenerArguments arguments,
            ListenerInvocation invocation,
            @Nullable ListenerCondition condition) {
        this.name = name;
        this.arguments = arguments;
        this.invocation = invocation;
        this.condition = condition;
    }

    @Override
    public boolean isStreaming() {
        return arguments.content().isStreaming();
    }

    @Override
    public boolean handle(Message<?> message) throws Exception {
        ListenerCall call = new ListenerCall(arguments, message);
        if (condition != null && !condition.holds(call)) {
            return false;
        }
        @Nullable Object[] values = call.values();
        if (values == null) {
            return false;
        }
        invocation.invoke(values);
        return true;
    }

    @Override
    public String toString() {
        return name;
    }
}
