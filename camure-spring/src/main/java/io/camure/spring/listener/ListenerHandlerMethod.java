package io.camure.spring.listener;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.messaging.Message;

/** A method of a bean that takes messages, those for which its condition holds. */
final class ListenerHandlerMethod implements ListenerMethod {

    private final String name;
    private final Method method;
    private final ListenerArguments arguments;
    private final ListenerInvocation invocation;
    private final @Nullable Condition condition;

    /** @param expression a message for which it is false is passed over */
    record Condition(Expression expression, BeanFactory beanFactory) {}

    ListenerHandlerMethod(
            String name,
            Method method,
            ListenerArguments arguments,
            ListenerInvocation invocation,
            @Nullable Condition condition) {
        this.name = name;
        this.method = method;
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
        @Nullable Object[] values = arguments.of(message);
        if (values == null || !isWanted(message, values)) {
            return false;
        }
        invocation.invoke(values);
        return true;
    }

    private boolean isWanted(Message<?> message, @Nullable Object[] values) {
        if (condition == null) {
            return true;
        }
        MethodBasedEvaluationContext context = new MethodBasedEvaluationContext(
                arguments.asTaken(message, values), method, values, ListenerParameter.NAMES);
        context.setBeanResolver(new BeanFactoryResolver(condition.beanFactory()));
        return Boolean.TRUE.equals(condition.expression().getValue(context, Boolean.class));
    }

    @Override
    public String toString() {
        return name;
    }
}
