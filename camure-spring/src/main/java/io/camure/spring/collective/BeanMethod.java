package io.camure.spring.collective;

import io.camure.spring.CamureConfigurationException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** A method of a bean that works on values; {@code toString()} is what errors call it. Thread-safe. */
public final class BeanMethod {

    private final BeanFactory beanFactory;
    private final String bean;
    private final Class<?> beanClass;
    private final Method method;

    /** As the bean has it, which may be a proxy. */
    private volatile @Nullable Method invocable;

    /** @param beanClass what the bean is behind its proxies */
    public BeanMethod(BeanFactory beanFactory, String bean, Class<?> beanClass, Method method) {
        this.beanFactory = beanFactory;
        this.bean = bean;
        this.beanClass = beanClass;
        this.method = method;
    }

    /** Whether it can be called with so many values of a type. */
    public boolean takes(Class<?> type, int count) {
        if (method.getParameterCount() != count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            Class<?> parameter =
                    ResolvableType.forMethodParameter(method, i, beanClass).resolve(Object.class);
            if (!ClassUtils.isAssignable(parameter, type)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it returns nothing: {@link #call} gives back the first value then. */
    public boolean givesNothing() {
        return method.getReturnType() == void.class;
    }

    boolean gives(Class<?> type) {
        return ClassUtils.isAssignable(
                type, ResolvableType.forMethodReturnType(method, beanClass).resolve(Object.class));
    }

    /** @throws CamureConfigurationException when calls of it don't get to the bean */
    public void requireInvocable() {
        try {
            invocable(beanFactory.getBean(bean));
        } catch (IllegalStateException e) {
            throw new CamureConfigurationException(
                    this + " can't be called, since its bean is a proxy without it: " + e.getMessage() + ".",
                    "Make the method public, and put it into an interface if its bean is used by that.");
        }
    }

    private Method invocable(Object target) {
        Method found = invocable;
        if (found == null) {
            found = AopUtils.selectInvocableMethod(method, target.getClass());
            ReflectionUtils.makeAccessible(found);
            invocable = found;
        }
        return found;
    }

    /** @throws RuntimeException what the method throws */
    @SuppressWarnings("unchecked")
    public <T> T call(@Nullable Object... values) {
        Object target = beanFactory.getBean(bean);
        try {
            Object result = invocable(target).invoke(target, values);
            return (T) (givesNothing() ? values[0] : Objects.requireNonNull(result, () -> this + " has returned null"));
        } catch (InvocationTargetException e) {
            ReflectionUtils.rethrowRuntimeException(e.getTargetException());
            throw new IllegalStateException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(this + " can't be called", e);
        }
    }

    @Override
    public String toString() {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }
}
