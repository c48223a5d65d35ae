package io.camure.spring.listener;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.Expression;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/** A method of a bean that takes messages, those for which its condition holds. */
final class ListenerHandlerMethod extends InvocableHandlerMethod implements ListenerMethod {

    private static final ParameterNameDiscoverer PARAMETER_NAMES = new DefaultParameterNameDiscoverer();

    private final String name;
    private final boolean streaming;
    private final @Nullable Expression condition;
    private final BeanFactoryResolver beans;

    ListenerHandlerMethod(
            String name,
            Object bean,
            Method method,
            boolean streaming,
            @Nullable Expression condition,
            BeanFactory beanFactory) {
        super(bean, method);
        this.name = name;
        this.streaming = streaming;
        this.condition = condition;
        beans = new BeanFactoryResolver(beanFactory);
    }

    @Override
    public boolean isStreaming() {
        return streaming;
    }

    @Override
    public boolean handle(Message<?> message) throws Exception {
        @Nullable Object[] arguments = getMethodArgumentValues(message);
        if (!isWanted(message, arguments)) {
            return false;
        }
        doInvoke(arguments);
        return true;
    }

    private boolean isWanted(Message<?> message, @Nullable Object[] arguments) {
        if (condition == null) {
            return true;
        }
        MethodBasedEvaluationContext context =
                new MethodBasedEvaluationContext(message, getMethod(), arguments, PARAMETER_NAMES);
        context.setBeanResolver(beans);
        return Boolean.TRUE.equals(condition.getValue(context, Boolean.class));
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
