package io.camure.spring.method;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.CoroutinesUtils;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** Kotlin's {@code suspend} functions: methods with one more parameter, which are called by what Spring has for them. */
public final class SuspendFunctions {

    private static final String CONTINUATION = "kotlin.coroutines.Continuation";

    private SuspendFunctions() {}

    public static boolean isOne(Method method) {
        int parameters = method.getParameterCount();
        return parameters > 0
                && method.getParameterTypes()[parameters - 1].getName().equals(CONTINUATION);
    }

    /** How many parameters it has in Kotlin. */
    public static int parameterCount(Method method) {
        return method.getParameterCount() - (isOne(method) ? 1 : 0);
    }

    /** What it gives back in Kotlin; {@code null} when that is nothing. */
    public static @Nullable Class<?> result(Method method) {
        Type continuation = method.getGenericParameterTypes()[method.getParameterCount() - 1];
        Class<?> result = ResolvableType.forType(continuation).getGeneric(0).resolve(Object.class);
        return result.getName().equals("kotlin.Unit") ? null : result;
    }

    /** What has to be on the class path to call one, and is not; {@code null} when all of it is. */
    public static @Nullable String missing() {
        if (!Reactor.PRESENT) {
            return "reactor-core";
        } else if (!KotlinDetector.isKotlinReflectPresent()) {
            return "kotlin-reflect";
        }
        ClassLoader loader = SuspendFunctions.class.getClassLoader();
        return ClassUtils.isPresent("kotlinx.coroutines.reactor.MonoKt", loader) ? null : "kotlinx-coroutines-reactor";
    }

    /** How results of {@link #call} come. */
    public static AsyncType type() {
        return Objects.requireNonNull(AsyncTypes.of(reactor.core.publisher.Mono.class));
    }

    /** Calls one, without waiting for it. */
    public static Object call(Method method, Object target, @Nullable Object... arguments) {
        return CoroutinesUtils.invokeSuspendingFunction(method, target, arguments);
    }
}
