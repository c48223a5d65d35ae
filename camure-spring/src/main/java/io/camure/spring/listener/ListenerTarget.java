package io.camure.spring.listener;

import io.camure.spring.method.InterfaceMethods;
import io.camure.spring.method.SuspendFunctions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ReflectionUtils;

/** Calls a method of a bean on what is current of that. Thread-safe. */
final class ListenerTarget {

    private final ListenerBean bean;
    private final Method method;
    private final boolean suspending;
    private volatile @Nullable Invocable last;

    private record Invocable(Class<?> beanClass, Method method) {}

    /** @param method of the target's class */
    ListenerTarget(ListenerBean bean, Method method) {
        this.bean = bean;
        this.method = method;
        suspending = SuspendFunctions.isOne(method);
    }

    /** @throws IllegalStateException when the bean is a proxy that does not have it */
    void requireInvocable() {
        method(bean.current().get().getClass());
    }

    private Method method(Class<?> beanClass) {
        Invocable known = last;
        if (known == null || known.beanClass() != beanClass) {
            Method ofInterface =
                    Proxy.isProxyClass(beanClass) ? InterfaceMethods.of(beanClass, method, bean.type()) : null;
            Method invocable = ofInterface != null ? ofInterface : AopUtils.selectInvocableMethod(method, beanClass);
            ReflectionUtils.makeAccessible(invocable);
            known = new Invocable(beanClass, invocable);
            last = known;
        }
        return known.method();
    }

    @Nullable
    Object invoke(@Nullable Object[] arguments) throws Exception {
        Object current = bean.current().get();
        Method invocable = method(current.getClass());
        if (suspending) {
            return SuspendFunctions.call(invocable, current, arguments);
        }
        try {
            return invocable.invoke(current, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception exception) {
                throw exception;
            } else if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
