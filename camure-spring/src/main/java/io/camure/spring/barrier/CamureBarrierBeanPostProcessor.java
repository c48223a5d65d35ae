package io.camure.spring.barrier;

import io.camure.CamureException;
import io.camure.spring.CamureBarrier;
import io.camure.spring.barrier.BarrierMethods.BarrierWait;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
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

    private record Found(Object bean, Method method) {}

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
        Method method = target == null
                ? invocation.getMethod()
                : AopUtils.getMostSpecificMethod(invocation.getMethod(), AopUtils.getTargetClass(target));
        BarrierWait wait = barriers.getObject().of(method);
        if (wait.when() == CamureBarrier.When.BEFORE) {
            await(wait, method);
            return invocation.proceed();
        }
        Object result = invocation.proceed();
        await(wait, method);
        return result;
    }

    private static void await(BarrierWait wait, Method method) {
        try {
            wait.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CamureException("interrupted while " + method.getName() + " waited at its barrier", e);
        }
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Object result = super.postProcessAfterInitialization(bean, beanName);
        if (!ScopedProxyUtils.isScopedTarget(beanName)) {
            barrierMethods(AopProxyUtils.ultimateTargetClass(result))
                    .forEach(method -> onFound(new Found(result, method)));
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
        barriers.getObject().check(method.bean(), method.method());
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<Found> waiting;
        synchronized (found) {
            singletonsInstantiated = true;
            waiting = List.copyOf(found);
            found.clear();
        }
        waiting.forEach(method -> barriers.getObject().check(method.bean(), method.method()));
    }
}
