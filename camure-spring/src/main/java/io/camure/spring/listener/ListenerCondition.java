package io.camure.spring.listener;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.messaging.MessagingException;

/**
 * Which messages a listener wants. The content is converted only for a condition that looks at it, so that one on headers alone passes
 * over what could not be converted.
 *
 * @param listener as errors call it
 * @param expression read once, and false for a message that is passed over
 */
record ListenerCondition(String listener, Expression expression, Method method, BeanFactory beanFactory) {

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

    /** Whose variables are the arguments: by name, and by index as {@code #a0} and {@code #p0}. */
    private final class Context extends StandardEvaluationContext {

        private final ListenerCall call;
        private boolean loaded;

        private Context(ListenerCall call) {
            super(call);
            this.call = call;
        }

        @Override
        public @Nullable Object lookupVariable(String name) {
            if (!loaded) {
                loaded = true;
                load();
            }
            return super.lookupVariable(name);
        }

        private void load() {
            @Nullable Object[] values = call.valuesUnchecked();
            @Nullable String[] names = ListenerParameter.NAMES.getParameterNames(method);
            for (int i = 0; values != null && i < values.length; i++) {
                setVariable("a" + i, values[i]);
                setVariable("p" + i, values[i]);
                String name = names == null ? null : names[i];
                if (name != null) {
                    setVariable(name, values[i]);
                }
            }
        }
    }
}
