package io.camure.spring.flip;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Steps that find the class loader of the application at their thread: those that run callbacks need not have it. */
record InApplication(Steps steps, @Nullable ClassLoader classLoader) implements Steps {

    /** What may throw anything. */
    private interface Call<T> {

        T call() throws Throwable;
    }

    @Override
    public Object prepare(byte[] value) throws Throwable {
        return with(() -> steps.prepare(value));
    }

    @Override
    public void activate(Object prepared) throws Throwable {
        with(() -> {
            steps.activate(prepared);
            return prepared;
        });
    }

    @Override
    public void discard(Object prepared) throws Throwable {
        with(() -> {
            steps.discard(prepared);
            return prepared;
        });
    }

    @Override
    public String note(Object prepared) {
        return steps.note(prepared);
    }

    private <T> T with(Call<T> call) throws Throwable {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        ClassUtils.overrideThreadContextClassLoader(classLoader);
        try {
            return call.call();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
