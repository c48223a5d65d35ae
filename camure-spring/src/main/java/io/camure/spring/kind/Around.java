package io.camure.spring.kind;

import org.jspecify.annotations.Nullable;

/** What is done before and after something, such as observing it. */
public interface Around {

    /** Has it done, once, and gives back or throws what that does. */
    @Nullable
    Object call(Call call) throws Throwable;

    /** What is to be done. */
    interface Call {
        @Nullable
        Object proceed() throws Throwable;
    }
}
