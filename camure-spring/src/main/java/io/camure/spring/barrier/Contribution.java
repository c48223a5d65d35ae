package io.camure.spring.barrier;

import io.camure.CamureException;
import io.camure.Outcome;
import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureBarrier.When;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.method.AsyncType;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.ResolvableType;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.util.ClassUtils;

/** What callers of a method give in a collective, and what they get of its outcome. */
final class Contribution {

    private static final String RESULT = "result";
    private static final Pattern RESULT_VARIABLE = Pattern.compile("#" + RESULT + "\\b");
    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    private final Method method;
    private final String written;
    private final Expression expression;
    private final Class<?> payloadType;
    private final boolean replacesResult;
    private final BeanFactory beanFactory;

    /** @param payloadType what values are, {@link Object} where that is not known */
    private Contribution(
            Method method,
            CamureBarrier annotation,
            Expression expression,
            Class<?> payloadType,
            BeanFactory beanFactory) {
        this.method = method;
        this.written = annotation.contribute();
        this.expression = expression;
        this.payloadType = payloadType;
        this.replacesResult = annotation.replaceResult();
        this.beanFactory = beanFactory;
    }

    /**
     * @param async how the method's results come, {@code null} when they are there when it returns
     * @throws CamureConfigurationException when it can't be given, or its outcome not be taken
     */
    static Contribution of(
            Method method,
            Class<?> beanClass,
            CamureBarrier annotation,
            @Nullable AsyncType async,
            Class<?> payloadType,
            BeanFactory beanFactory) {
        Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(payloadType);
        boolean usesResult = RESULT_VARIABLE.matcher(annotation.contribute()).find();
        if (annotation.when() == When.BEFORE && (usesResult || annotation.replaceResult())) {
            throw refused(
                    method,
                    (usesResult ? "contribute = " + annotation.contribute() : "replaceResult = true")
                            + ", and there is no result before the call",
                    "Set when = AFTER, or leave it out.");
        } else if (async != null && !async.hasOneResult() && (usesResult || annotation.replaceResult())) {
            throw refused(method, "returns several results, of which none is what is given", "Return one of them.");
        } else if (annotation.replaceResult()) {
            requireReturned(method, beanClass, async, boxed);
        }
        try {
            return new Contribution(
                    method,
                    annotation,
                    new SpelExpressionParser().parseExpression(annotation.contribute()),
                    boxed,
                    beanFactory);
        } catch (ParseException e) {
            throw refused(
                    method,
                    "contribute = " + annotation.contribute() + ", which is not a valid expression: " + e.getMessage(),
                    "Correct it, for example to #result.count.");
        }
    }

    private static void requireReturned(
            Method method, Class<?> beanClass, @Nullable AsyncType async, Class<?> payloadType) {
        ResolvableType declared = ResolvableType.forMethodReturnType(method, beanClass);
        boolean inHolder = async != null || Future.class.isAssignableFrom(declared.resolve(Object.class));
        Class<?> returned = (inHolder ? declared.getGeneric(0) : declared).resolve(Object.class);
        if (!ClassUtils.isAssignable(returned, payloadType)) {
            throw refused(
                    method,
                    "replaceResult = true, but returns " + returned.getSimpleName() + ", and values of the group are "
                            + payloadType.getSimpleName(),
                    "Return " + payloadType.getSimpleName() + ", or leave replaceResult out.");
        }
    }

    private static CamureConfigurationException refused(Method method, String problem, String action) {
        return new CamureConfigurationException(name(method) + " has @CamureBarrier with " + problem + ".", action);
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    /**
     * What is given.
     *
     * @param result of the method, {@code null} before it is called
     * @throws CamureException when the expression has no value; then this node does not arrive
     */
    Object value(@Nullable Object target, @Nullable Object[] arguments, @Nullable Object result) {
        MethodBasedEvaluationContext context = new MethodBasedEvaluationContext(target, method, arguments, NAMES);
        context.setBeanResolver(new BeanFactoryResolver(beanFactory));
        context.setVariable(RESULT, result);
        Object value;
        try {
            value = expression.getValue(context, payloadType);
        } catch (EvaluationException e) {
            throw new CamureException(
                    name(method) + " gives nothing: its contribute = " + written + " has failed: " + e.getMessage(), e);
        }
        if (value == null) {
            throw new CamureException(name(method) + " gives nothing: its contribute = " + written + " is null", null);
        }
        return value;
    }

    /** Puts an outcome where the method takes one. */
    void putOutcome(@Nullable Object[] arguments, Object outcome) {
        Class<?>[] parameters = method.getParameterTypes();
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] == Outcome.class) {
                arguments[i] = outcome;
            }
        }
    }

    /** What the caller gets. */
    @Nullable
    Object result(@Nullable Object own, Object outcome) {
        if (!replacesResult) {
            return own;
        }
        Object value = ((Outcome<?>) outcome).value();
        return own instanceof Future<?> ? CompletableFuture.completedFuture(value) : value;
    }
}
