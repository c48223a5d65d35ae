package io.camure.spring.method;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Futures, which begin by themselves. Cancelling what comes out cancels what is waited for. */
final class FutureType implements AsyncType {

    static final FutureType INSTANCE = new FutureType();

    private FutureType() {}

    @Override
    public CompletableFuture<?> before(Supplier<CompletableFuture<?>> wait, Call call) {
        CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
        follow(wait.get(), result, (waited, done) -> {
            try {
                CompletionStage<?> stage = (CompletionStage<?>) call.proceed(Objects.requireNonNull(waited));
                if (stage == null) {
                    done.complete(null);
                } else {
                    follow(stage.toCompletableFuture(), done, (value, last) -> last.complete(value));
                }
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return result;
    }

    @Override
    public CompletableFuture<?> after(Next next, @Nullable Object result) {
        CompletableFuture<@Nullable Object> later = new CompletableFuture<>();
        CompletableFuture<?> source = result == null ? CompletableFuture.completedFuture(null) : completion(result);
        follow(source, later, (value, done) -> {
            try {
                follow(
                        next.wait(value),
                        done,
                        (waited, last) -> last.complete(next.result(value, Objects.requireNonNull(waited))));
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        return later;
    }

    @Override
    public boolean hasOneResult() {
        return true;
    }

    @Override
    public CompletableFuture<?> completion(Object result) {
        return ((CompletionStage<?>) result).toCompletableFuture();
    }

    /** Has the result fail as the source does, or go on after that; a result that is cancelled cancels the source. */
    private static void follow(
            CompletableFuture<?> source,
            CompletableFuture<@Nullable Object> result,
            BiConsumer<@Nullable Object, CompletableFuture<@Nullable Object>> next) {
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                source.cancel(true);
            }
        });
        source.whenComplete((value, failure) -> {
            if (failure == null) {
                next.accept(value, result);
            } else {
                Throwable cause = failure.getCause();
                result.completeExceptionally(failure instanceof CompletionException && cause != null ? cause : failure);
            }
        });
    }
}
