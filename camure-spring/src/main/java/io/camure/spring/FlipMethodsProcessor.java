package io.camure.spring;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.ReflectiveProcessor;
import org.springframework.util.ReflectionUtils;

/** Has the methods of a bean with {@link CamureFlip} called in a native image, too. */
final class FlipMethodsProcessor implements ReflectiveProcessor {

    @Override
    public void registerReflectionHints(ReflectionHints hints, AnnotatedElement element) {
        if (element instanceof Class<?> type) {
            for (Method method : ReflectionUtils.getUniqueDeclaredMethods(type)) {
                if (method.getDeclaringClass() != Object.class) {
                    hints.registerMethod(method, ExecutableMode.INVOKE);
                }
            }
        }
    }
}
