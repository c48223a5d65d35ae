package io.camure.spring.method;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

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
        Function<Object, Publisher<Object>> called = waited -> {
            try {
                return adapter.toPublisher(call.proceed(waited));
            } catch (Throwable e) {
                return Mono.error(e);
            }
        };
        Mono<Object> waiting = Mono.defer(() -> Mono.fromFuture(wait.get()));
        return adapter.fromPublisher(
                adapter.isMultiValue()
                        ? waiting.flatMapMany(called)
                        : waiting.flatMap(waited -> Mono.from(called.apply(waited))));
    }

    @Override
    public Object after(Next next, @Nullable Object result) {
        Publisher<Object> publisher = adapter.toPublisher(result);
        return adapter.fromPublisher(
                adapter.isMultiValue()
                        ? Flux.from(publisher)
                                .concatWith(Mono.defer(() -> Mono.fromFuture(next.wait(null)))
                                        .then(Mono.empty()))
                        : Mono.from(publisher)
                                .materialize()
                                .flatMap(signal -> signal.isOnError() ? Mono.just(signal) : later(next, signal))
                                .dematerialize());
    }

    /** A value, or the end of what has brought none. */
    private static Mono<Signal<Object>> later(Next next, Signal<Object> signal) {
        Object value = signal.get();
        return Mono.fromFuture(next.wait(value)).map(waited -> {
            Object given = next.result(value, waited);
            return given == null ? Signal.complete() : Signal.next(given);
        });
    }

    @Override
    public boolean hasOneResult() {
        return !adapter.isMultiValue();
    }

    @Override
    public CompletableFuture<?> completion(Object result) {
        return Flux.from(adapter.toPublisher(result)).then().toFuture();
    }
}
