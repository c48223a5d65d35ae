package io.camure.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

/** What is done before and after something, such as observing it. */
interface Around {

    /** Has it done, once, and gives back or throws what that does. */
    @Nullable
    Object call(Call call) throws Throwable;

    /** What is to be done. */
    interface Call {
        @Nullable
        Object proceed() throws Throwable;
    }
}
