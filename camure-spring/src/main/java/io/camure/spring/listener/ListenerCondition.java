package io.camure.spring.listener;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;
import org.springframework.messaging.MessagingException;

/**
 * Which messages a listener wants. The content is converted only for a condition that looks at it, so that one on headers alone passes
 * over what could not be converted.
 *
 * @param listener as errors call it
 * @param expression read once, and false for a message that is passed over
 */
record ListenerCondition(
        String listener, Expression expression, Method method, int parameters, BeanFactory beanFactory) {

    boolean holds(ListenerCall call) throws Exception {
        Context context = new Context(call);
        context.setBeanResolver(new BeanFactoryResolver(beanFactory));
        try {
            return Boolean.TRUE.equals(expression.getValue(context, Boolean.class));
        } catch (EvaluationException | IllegalStateException e) {
            if (call.isWithoutValues() && call.values() == null) {
                return false;
            }
            throw new MessagingException(
                    call.message(),
                    "@CamureListener method " + listener + " has condition = " + expression.getExpressionString()
                            + ", which can't be evaluated for a message: " + e.getMessage(),
                    e);
        }
    }

    private final class Context extends MethodBasedEvaluationContext {

        private final ListenerCall call;
        private final @Nullable Object[] values;

        private Context(ListenerCall call) {
            this(call, new Object[parameters]);
        }

        private Context(ListenerCall call, @Nullable Object[] values) {
            super(call, method, values, ListenerParameter.NAMES);
            this.call = call;
            this.values = values;
        }

        @Override
        protected void lazyLoadArguments() {
            @Nullable Object[] made = call.valuesUnchecked();
            if (made != null) {
                System.arraycopy(made, 0, values, 0, made.length);
            }
            super.lazyLoadArguments();
        }
    }
}
