package io.camure.spring.method;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;

/** Which types are asynchronous, and which are so in a way that can't be used. */
public final class AsyncTypes {

    private AsyncTypes() {}

    /** That of what a method declares to return; {@code null} when its results are there when it returns. */
    public static @Nullable AsyncType of(Class<?> type) {
        if (CompletionStage.class.isAssignableFrom(type)) {
            return FutureType.INSTANCE;
        }
        ReactiveAdapter adapter = Reactor.PRESENT ? Reactor.adapter(type) : null;
        return adapter == null ? null : new ReactiveType(adapter);
    }

    /** Why something can't be done before or after results of a type, as in {@code it returns Future, which …}, or {@code null}. */
    public static @Nullable String refusal(Class<?> type) {
        if (CompletionStage.class.isAssignableFrom(type)) {
            return type.isAssignableFrom(CompletableFuture.class) ? null : "which is a future of its own kind";
        }
        ReactiveAdapter adapter = Reactor.adapter(type);
        if (adapter != null && !type.isAssignableFrom(adapter.getReactiveType())) {
            return "which is a special " + adapter.getReactiveType().getSimpleName();
        } else if (!Reactor.PRESENT && (adapter != null || Reactor.isPublisher(type))) {
            return "for which reactor-core has to be on the class path";
        }
        return Future.class.isAssignableFrom(type) ? "which does not tell when it is complete" : null;
    }
}
