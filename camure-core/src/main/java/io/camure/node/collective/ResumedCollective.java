package io.camure.node.collective;

import io.camure.Loss;
import io.camure.Outcome;
import io.camure.node.group.ResumedGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A collective at a member that joins it again. */
final class ResumedCollective<T> implements CollectiveCalls<T> {

    private final ResumedGroup<CollectiveAtMember<T>> group;
    private final Values<T> values;

    ResumedCollective(ResumedGroup<CollectiveAtMember<T>> group, Values<T> values) {
        this.group = group;
        this.values = values;
    }

    @Override
    public int id() {
        return group.id();
    }

    @Override
    public boolean isOpen() {
        return group.isOpen();
    }

    @Override
    public Values<T> values() {
        return values;
    }

    @Override
    public <V> Outcome<V> await(Call<V> call, @Nullable Object given, @Nullable Duration timeout)
            throws InterruptedException {
        return group.call(joined -> joined.await(call, given, timeout));
    }

    @Override
    public <V> CompletableFuture<Outcome<V>> begin(Call<V> call, @Nullable Object given, @Nullable Duration timeout) {
        return group.begin(joined -> joined.begin(call, given, timeout));
    }

    @Override
    public Optional<Loss> loss() {
        return group.loss();
    }

    @Override
    public void close() {
        group.close();
    }

    @Override
    public String toString() {
        return group.toString();
    }
}
