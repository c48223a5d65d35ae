package io.camure.spring.barrier;

import io.camure.CamureException;
import io.camure.spring.CamureBarrier;
import io.camure.spring.method.AsyncType;
import io.camure.spring.method.AsyncTypes;
import io.camure.spring.method.EventLoops;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Puts barriers around methods with {@link CamureBarrier}, and refuses those that can't have one. Comes before other advisors,
 * so that nobody waits within a transaction, and uses no other bean before all singletons are there.
 */
public final class CamureBarrierBeanPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor
        implements SmartInitializingSingleton {

    private static final long serialVersionUID = 1L;

    private final transient ObjectProvider<BarrierMethods> barriers;
    private final transient List<Found> found = new ArrayList<>();
    private boolean singletonsInstantiated;

    private record Found(Object bean, Class<?> beanClass, Method method) {}

    public CamureBarrierBeanPostProcessor(ObjectProvider<BarrierMethods> barriers, boolean proxyTargetClass) {
        this.barriers = barriers;
        setProxyTargetClass(proxyTargetClass);
        setBeforeExistingAdvisors(true);
        // Before listeners are looked for, which are called by what is seen then.
        setOrder(LOWEST_PRECEDENCE - 2);
        advisor = new DefaultPointcutAdvisor(
                new AnnotationMatchingPointcut(null, CamureBarrier.class, true), (MethodInterceptor) this::invoke);
    }

    private @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        Class<?> beanClass =
                target == null ? invocation.getMethod().getDeclaringClass() : AopUtils.getTargetClass(target);
        Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(), beanClass);
        BarrierWait wait = barriers.getObject().of(method, beanClass);
        if (wait.point() == null) {
            return invocation.proceed();
        }
        if (wait.async() == null && method.getReturnType() != Object.class) {
            refuseEventLoop(method);
        }
        return wait.when() == CamureBarrier.When.BEFORE
                ? proceedAfter(wait, method, invocation)
                : waitAfter(wait, method, invocation, invocation.proceed());
    }

    private static @Nullable Object proceedAfter(BarrierWait wait, Method method, MethodInvocation invocation)
            throws Throwable {
        AsyncType async = wait.async();
        if (async == null) {
            putOutcome(wait, invocation, meet(wait, method, value(wait, invocation, null)));
            return invocation.proceed();
        }
        // An invocation can be proceeded once, and not when this has returned.
        ProxyMethodInvocation later = (ProxyMethodInvocation) ((ProxyMethodInvocation) invocation).invocableClone();
        return wait.watch(method, async.before(() -> point(wait).arrive(value(wait, later, null)), outcome -> {
            MethodInvocation call = later.invocableClone();
            putOutcome(wait, call, outcome);
            return call.proceed();
        }));
    }

    private static MeetingPoint point(BarrierWait wait) {
        return Objects.requireNonNull(wait.point());
    }

    private static @Nullable Object value(BarrierWait wait, MethodInvocation invocation, @Nullable Object result) {
        Contribution contribution = wait.contribution();
        return contribution == null
                ? null
                : contribution.value(invocation.getThis(), invocation.getArguments(), result);
    }

    private static void putOutcome(BarrierWait wait, MethodInvocation invocation, Object outcome) {
        Contribution contribution = wait.contribution();
        if (contribution != null) {
            contribution.putOutcome(invocation.getArguments(), outcome);
        }
    }

    private static @Nullable Object result(BarrierWait wait, @Nullable Object own, Object outcome) {
        Contribution contribution = wait.contribution();
        return contribution == null ? own : contribution.result(own, outcome);
    }

    private static @Nullable Object waitAfter(
            BarrierWait wait, Method method, MethodInvocation invocation, @Nullable Object result) {
        AsyncType async = wait.async();
        if (async == null && !wait.ownThread() && result != null) {
            // A method may declare less than it returns.
            async = AsyncTypes.of(result.getClass());
        }
        if (async != null) {
            return wait.watch(method, async.after(after(wait, invocation), result));
        } else if (result instanceof Future<?> future && !isSuccess(future, method)) {
            return result;
        }
        Object value = result instanceof CompletableFuture<?> done ? done.getNow(null) : result;
        return result(wait, result, meet(wait, method, value(wait, invocation, value)));
    }

    private static AsyncType.Next after(BarrierWait wait, MethodInvocation invocation) {
        return new AsyncType.Next() {

            @Override
            public CompletableFuture<?> wait(@Nullable Object value) {
                return point(wait).arrive(value(wait, invocation, value));
            }

            @Override
            public @Nullable Object result(@Nullable Object value, Object waited) {
                return CamureBarrierBeanPostProcessor.result(wait, value, waited);
            }
        };
    }

    private static boolean isSuccess(Future<?> future, Method method) {
        try {
            future.get();
            return true;
        } catch (ExecutionException | CancellationException e) {
            // For the caller, who gets it from the future.
            return false;
        } catch (InterruptedException e) {
            throw interrupted(method, e);
        }
    }

    private static CamureException interrupted(Method method, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CamureException("interrupted while " + method.getName() + " waited at its barrier", e);
    }

    private static void refuseEventLoop(Method method) {
        if (EventLoops.isThisOne()) {
            throw new IllegalStateException(method.getDeclaringClass().getSimpleName() + "." + method.getName()
                    + " has @CamureBarrier and would block an event loop, the thread "
                    + Thread.currentThread().getName()
                    + ": have it return a Mono or CompletableFuture, or call it by another thread");
        }
    }

    private static Object meet(BarrierWait wait, Method method, @Nullable Object value) {
        refuseEventLoop(method);
        try {
            return point(wait).meet(value);
        } catch (InterruptedException e) {
            throw interrupted(method, e);
        }
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Object result = super.postProcessAfterInitialization(bean, beanName);
        if (!ScopedProxyUtils.isScopedTarget(beanName)) {
            Class<?> beanClass = AopProxyUtils.ultimateTargetClass(result);
            barrierMethods(beanClass).forEach(method -> onFound(new Found(result, beanClass, method)));
        }
        return result;
    }

    private static Set<Method> barrierMethods(Class<?> beanClass) {
        if (!AnnotationUtils.isCandidateClass(beanClass, CamureBarrier.class)) {
            return Set.of();
        }
        return MethodIntrospector.selectMethods(
                beanClass, (Method method) -> AnnotatedElementUtils.hasAnnotation(method, CamureBarrier.class));
    }

    private void onFound(Found method) {
        synchronized (found) {
            if (!singletonsInstantiated) {
                found.add(method);
                return;
            }
        }
        check(method);
    }

    private void check(Found method) {
        barriers.getObject().check(method.bean(), method.beanClass(), method.method());
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<Found> waiting;
        synchronized (found) {
            singletonsInstantiated = true;
            waiting = List.copyOf(found);
            found.clear();
        }
        waiting.forEach(this::check);
    }
}
