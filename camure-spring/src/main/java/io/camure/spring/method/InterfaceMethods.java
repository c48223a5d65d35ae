package io.camure.spring.method;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;

/** Methods as the interfaces of proxies have them: with other parameters than those of the target, if the interface is generic. */
public final class InterfaceMethods {

    private InterfaceMethods() {}

    /**
     * @param method of the target's class
     * @return what calls it on a proxy; {@code null} when no interface of that has it
     */
    public static @Nullable Method of(Class<?> proxyClass, Method method, Class<?> targetClass) {
        for (Class<?> each : proxyClass.getInterfaces()) {
            for (Method candidate : each.getMethods()) {
                if (candidate.getName().equals(method.getName())
                        && AopUtils.getMostSpecificMethod(candidate, targetClass)
                                .equals(method)) {
                    return candidate;
                }
            }
        }
        return null;
    }
}
