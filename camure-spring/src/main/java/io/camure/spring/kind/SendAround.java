package io.camure.spring.kind;

import io.camure.Headers;
import org.jspecify.annotations.Nullable;

/** What is done before and after sending a message, such as observing it, and what it adds to that. */
public interface SendAround {

    /**
     * Has it sent, once, and gives back or throws what that does.
     *
     * @param headers what is added to the headers of the message before it is sent
     */
    @Nullable
    Object call(Headers.Builder headers, Around.Call sending) throws Throwable;
}
