package io.camure.spring.barrier;

import io.camure.spring.CamureBarrier.When;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.method.AsyncType;
import io.camure.spring.method.AsyncTypes;
import io.camure.spring.method.PresentTypes;
import io.camure.spring.method.SuspendFunctions;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;

/** When the results of methods come, which a barrier is before or after. */
final class BarrierResults {

    /** Whoever gets these has the work done after the method has returned, and nobody can know when. */
    private static final PresentTypes DONE_LATER = PresentTypes.of(
            "java.util.concurrent.Callable",
            "java.util.function.Supplier",
            "java.util.stream.BaseStream",
            "java.util.Iterator",
            "kotlin.sequences.Sequence",
            "org.springframework.web.context.request.async.DeferredResult",
            "org.springframework.web.context.request.async.WebAsyncTask",
            "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
            "org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");

    private BarrierResults() {}

    /** @return {@code null} when results are there when the method returns, or it has a thread of its own, which can wait */
    static @Nullable AsyncType asyncType(Method method, Class<?> beanClass) {
        return hasOwnThread(method, beanClass) ? null : AsyncTypes.of(type(method, beanClass));
    }

    /** @throws CamureConfigurationException when nobody can know when the work of the method is done */
    static void check(Method method, Class<?> beanClass, When when) {
        Class<?> type = type(method, beanClass);
        if (SuspendFunctions.isOne(method)) {
            throw refused(method, "is a suspend function, around which it can't wait");
        } else if (hasOwnThread(method, beanClass)) {
            return;
        }
        String refusal = AsyncTypes.refusal(type);
        if (refusal == null && when == When.AFTER && DONE_LATER.include(type)) {
            refusal = "which does its work when nobody can wait for it";
        }
        if (refusal != null) {
            throw refused(method, "returns " + type.getSimpleName() + ", " + refusal);
        }
    }

    private static Class<?> type(Method method, Class<?> beanClass) {
        return GenericTypeResolver.resolveReturnType(method, beanClass);
    }

    /** Whether Spring has it called by another thread than its caller. */
    static boolean hasOwnThread(Method method, Class<?> beanClass) {
        return AnnotatedElementUtils.hasAnnotation(method, Async.class)
                || AnnotatedElementUtils.hasAnnotation(beanClass, Async.class);
    }

    private static CamureConfigurationException refused(Method method, String problem) {
        return new CamureConfigurationException(
                method.getDeclaringClass().getSimpleName() + "." + method.getName() + " has @CamureBarrier, but "
                        + problem + ".",
                "Return a CompletableFuture, or what Reactor can adapt, with reactor-core on the class path; or return when the"
                        + " work is done.");
    }
}
