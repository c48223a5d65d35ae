package io.camure.spring.payload;

import io.camure.spring.method.PresentTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * Types that hold, or are yet to give, what is meant. JSON would take most of them, and say something of the holder that nobody
 * can read back.
 */
public final class WrappingTypes {

    private static final String EMITTED = "what it emits, one by one";
    private static final String COMPLETION = "what it completes with";
    private static final String BODY = "its body";
    private static final String BYTES = "its bytes as byte[]";
    private static final String TEXT = "its text as String";
    private static final String WRITTEN = "what was written to it";
    private static final String CONTENT =
            BYTES + ", or write it with BroadcastGroup.send(…) if it is larger than memory";

    private static final Set<String> STREAMS = Set.of(BYTES, TEXT, WRITTEN, CONTENT);

    private static final List<Wrapping> WRAPPING = new ArrayList<>();

    /** @param meant what is to be sent or taken instead */
    private record Wrapping(String meant, PresentTypes types) {}

    static {
        put("the value that it holds", "java.util.Optional", "java.util.OptionalInt", "java.util.OptionalLong");
        put("the value that it holds", "java.util.OptionalDouble", "java.lang.ref.Reference");
        put(
                COMPLETION,
                "java.util.concurrent.Future",
                "java.util.concurrent.CompletionStage",
                "kotlinx.coroutines.Deferred",
                "org.springframework.web.context.request.async.DeferredResult",
                "org.springframework.web.context.request.async.WebAsyncTask");
        put(EMITTED, "java.util.concurrent.Flow$Publisher", "org.reactivestreams.Publisher");
        put(
                EMITTED,
                "io.reactivex.rxjava3.core.ObservableSource",
                "io.reactivex.rxjava3.core.SingleSource",
                "io.reactivex.rxjava3.core.MaybeSource",
                "io.reactivex.rxjava3.core.CompletableSource",
                "io.smallrye.mutiny.Uni",
                "kotlinx.coroutines.flow.Flow");
        put("a List of its elements", "java.util.stream.BaseStream", "java.util.Iterator", "java.util.Enumeration");
        put("a List of its elements", "java.util.Spliterator", "kotlin.sequences.Sequence");
        put("what it gives", "java.util.function.Supplier", "java.util.concurrent.Callable");
        put("what it gives", "org.springframework.beans.factory.ObjectFactory");
        put(
                CONTENT,
                "java.io.InputStream",
                "java.nio.channels.Channel",
                "org.springframework.core.io.InputStreamSource");
        put(TEXT, "java.io.Reader");
        put(WRITTEN, "java.io.OutputStream", "java.io.Writer");
        put(BYTES, "java.nio.Buffer", "org.springframework.core.io.buffer.DataBuffer", "io.netty.buffer.ByteBuf");
        put(
                BODY,
                "org.springframework.http.HttpEntity",
                "org.springframework.web.servlet.function.ServerResponse",
                "org.springframework.web.reactive.function.server.ServerResponse",
                "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
                "org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");
        put("its payload", "org.springframework.messaging.Message");
        put("its content", "io.camure.Message");
    }

    private WrappingTypes() {}

    private static void put(String meant, String... types) {
        WRAPPING.add(new Wrapping(meant, PresentTypes.of(types)));
    }

    /**
     * What is to be sent or taken instead of a type that wraps: {@code the value that it holds}.
     *
     * @return {@code null} for all other types
     */
    public static @Nullable String meantBy(Class<?> type) {
        for (Wrapping wrapping : WRAPPING) {
            if (wrapping.types().include(type)) {
                return wrapping.meant();
            }
        }
        if (ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null) {
            return EMITTED;
        }
        // What a lambda is, JSON takes for an object without properties.
        return type.isHidden() ? "what it gives" : null;
    }

    /** What a listener is to take instead of a type that wraps; {@code null} for all other types. */
    public static @Nullable String toTakeInsteadOf(Class<?> type) {
        String meant = meantBy(type);
        return meant == null || !STREAMS.contains(meant) ? meant : "byte[], String or InputStream";
    }
}
