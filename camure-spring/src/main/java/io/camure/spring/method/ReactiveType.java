package io.camure.spring.method;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What Spring can adapt to a publisher. What begins only when it is asked for waits, and is called, only then, each time anew. Of
 * several elements none is held back, but the end is.
 */
final class ReactiveType implements AsyncType {

    private final ReactiveAdapter adapter;

    ReactiveType(ReactiveAdapter adapter) {
        this.adapter = adapter;
    }

    @Override
    public Object before(Supplier<CompletableFuture<?>> wait, Call call) {
        Supplier<Publisher<Object>> called = () -> {
            try {
                return adapter.toPublisher(call.proceed());
            } catch (Throwable e) {
                return Mono.error(e);
            }
        };
        Mono<?> waited = Mono.defer(() -> Mono.fromFuture(wait.get()));
        return adapter.fromPublisher(
                adapter.isMultiValue()
                        ? waited.thenMany(Flux.defer(called))
                        : waited.then(Mono.defer(() -> Mono.from(called.get()))));
    }

    @Override
    public Object after(Supplier<CompletableFuture<?>> wait, @Nullable Object result) {
        Publisher<Object> publisher = adapter.toPublisher(result);
        Mono<?> waiting = Mono.defer(() -> Mono.fromFuture(wait.get()));
        return adapter.fromPublisher(
                adapter.isMultiValue()
                        ? Flux.from(publisher).concatWith(waiting.then(Mono.empty()))
                        : Mono.from(publisher)
                                .materialize()
                                .flatMap(signal -> signal.isOnError() ? Mono.just(signal) : waiting.thenReturn(signal))
                                .dematerialize());
    }

    @Override
    public CompletableFuture<?> completion(Object result) {
        return Flux.from(adapter.toPublisher(result)).then().toFuture();
    }
}
