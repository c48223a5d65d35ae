package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.spring.kind.Around;
import java.lang.reflect.Method;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;

/**
 * What is behind a bean of a session: it stays the same while the object that does the work is exchanged at each start.
 * While there is none, asking whether it is open, closing and naming it work, and all else fails.
 */
final class CurrentObjectInterceptor implements MethodInterceptor {

    private final Source source;

    /** What a bean is of; {@code toString()} is what logs and errors call it. Thread-safe. */
    interface Source {

        /** The object that does the work, or {@code null} while there is none. */
        @Nullable
        Object current();

        /** Tells why the bean can't be used while there is none. */
        CamureException notUsable();

        /** What {@code name()} or {@code id()} gives back while there is none; {@code null} when that is not known. */
        @Nullable
        Object nameOrId();

        /** Makes a call of the object with these arguments, and does what belongs around it. */
        @Nullable
        Object around(Method method, @Nullable Object[] arguments, Around.Call call) throws Throwable;
    }

    private CurrentObjectInterceptor(Source source) {
        this.source = source;
    }

    static <T> T proxy(Class<T> type, Source source) {
        ProxyFactory factory = new ProxyFactory(type, new CurrentObjectInterceptor(source));
        factory.setOpaque(true);
        return type.cast(factory.getProxy(type.getClassLoader()));
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Method method = invocation.getMethod();
        if (method.getDeclaringClass() == Object.class) {
            return source.toString();
        }
        Object target = source.current();
        if (target == null) {
            return withoutTarget(method);
        }
        @Nullable Object[] arguments = invocation.getArguments();
        return source.around(
                method, arguments, () -> AopUtils.invokeJoinpointUsingReflection(target, method, arguments));
    }

    private @Nullable Object withoutTarget(Method method) {
        switch (method.getName()) {
            case "isOpen":
                return false;
            case "close":
                return null;
            case "name", "id":
                Object nameOrId = source.nameOrId();
                if (nameOrId != null) {
                    return nameOrId;
                }
                break;
            default:
        }
        throw source.notUsable();
    }
}
