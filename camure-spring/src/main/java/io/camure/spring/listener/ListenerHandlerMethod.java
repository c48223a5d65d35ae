package io.camure.spring.listener;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.MethodParameter;
import org.springframework.expression.Expression;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.MessageBuilder;

/** A method of a bean that takes messages, those for which its condition holds. */
final class ListenerHandlerMethod implements ListenerMethod {

    private final String name;
    private final Method method;
    private final List<MethodParameter> parameters;
    private final ContentParameter content;
    private final ContentArgumentResolver contents;
    private final HandlerMethodArgumentResolver headers;
    private final ListenerTarget target;
    private final @Nullable Condition condition;

    /** @param expression a message for which it is false is passed over */
    record Condition(Expression expression, BeanFactory beanFactory) {}

    /** @param method of the bean's class, whose parameters are resolved in that */
    ListenerHandlerMethod(
            String name,
            ListenerBean bean,
            Method method,
            ContentParameter content,
            ContentArgumentResolver contents,
            HandlerMethodArgumentResolver headers,
            @Nullable Condition condition) {
        this.name = name;
        this.method = method;
        this.content = content;
        this.contents = contents;
        this.headers = headers;
        this.condition = condition;
        parameters = parameters(method, bean.type());
        target = new ListenerTarget(bean, method);
    }

    /** Those of a method as a class has them, which may say what the method's own class leaves open. */
    static List<MethodParameter> parameters(Method method, Class<?> beanClass) {
        return IntStream.range(0, method.getParameterCount())
                .mapToObj(i -> ListenerParameter.of(method, i, beanClass))
                .toList();
    }

    ListenerTarget target() {
        return target;
    }

    @Override
    public boolean isStreaming() {
        return content.isStreaming();
    }

    @Override
    public boolean handle(Message<?> message) throws Exception {
        @Nullable Object[] arguments = new Object[parameters.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i == content.parameter().getParameterIndex()
                    ? contents.resolve(content, message)
                    : headers.resolveArgument(parameters.get(i), message);
        }
        if (!isWanted(message, arguments)) {
            return false;
        }
        target.invoke(arguments);
        return true;
    }

    private boolean isWanted(Message<?> message, @Nullable Object[] arguments) {
        if (condition == null) {
            return true;
        }
        MethodBasedEvaluationContext context = new MethodBasedEvaluationContext(
                asTaken(message, arguments), method, arguments, ListenerParameter.NAMES);
        context.setBeanResolver(new BeanFactoryResolver(condition.beanFactory()));
        return Boolean.TRUE.equals(condition.expression().getValue(context, Boolean.class));
    }

    /** With what the method takes as its payload. */
    private Message<?> asTaken(Message<?> message, @Nullable Object[] arguments) {
        Object taken = arguments[content.parameter().getParameterIndex()];
        if (taken instanceof Message<?> whole) {
            return whole;
        }
        return taken == null || content.isStreaming()
                ? message
                : MessageBuilder.createMessage(taken, message.getHeaders());
    }

    @Override
    public String toString() {
        return name;
    }
}
