package io.camure.node.collective;

import io.camure.Collective;
import io.camure.Outcome;
import io.camure.protocol.base.Checks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A collective whose calls are all made the same way, whatever is called. */
interface CollectiveCalls<T> extends Collective<T> {

    /** Makes calls of what users give. */
    Values<T> values();

    /**
     * Makes a call.
     *
     * @param given what goes with it, if anything
     * @param timeout {@code null} for that of the group
     */
    <V> Outcome<V> await(Call<V> call, @Nullable Object given, @Nullable Duration timeout) throws InterruptedException;

    /** As {@link #await}, without waiting. */
    <V> CompletableFuture<Outcome<V>> begin(Call<V> call, @Nullable Object given, @Nullable Duration timeout);

    @Override
    default Outcome<T> allReduce(T value) throws InterruptedException {
        return await(values().allReduce(), values().give(value), null);
    }

    @Override
    default Outcome<T> allReduce(T value, Duration timeout) throws InterruptedException {
        return await(values().allReduce(), values().give(value), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<T>> allReduceAsync(T value) {
        return begin(values().allReduce(), values().give(value), null);
    }

    @Override
    default CompletableFuture<Outcome<T>> allReduceAsync(T value, Duration timeout) {
        return begin(values().allReduce(), values().give(value), Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<List<T>> allGather(T value) throws InterruptedException {
        return await(values().allGather(), values().give(value), null);
    }

    @Override
    default Outcome<List<T>> allGather(T value, Duration timeout) throws InterruptedException {
        return await(values().allGather(), values().give(value), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<List<T>>> allGatherAsync(T value) {
        return begin(values().allGather(), values().give(value), null);
    }

    @Override
    default CompletableFuture<Outcome<List<T>>> allGatherAsync(T value, Duration timeout) {
        return begin(values().allGather(), values().give(value), Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<Boolean> agree(boolean vote) throws InterruptedException {
        return await(values().agree(), vote, null);
    }

    @Override
    default Outcome<Boolean> agree(boolean vote, Duration timeout) throws InterruptedException {
        return await(values().agree(), vote, Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<Boolean>> agreeAsync(boolean vote) {
        return begin(values().agree(), vote, null);
    }

    @Override
    default CompletableFuture<Outcome<Boolean>> agreeAsync(boolean vote, Duration timeout) {
        return begin(values().agree(), vote, Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<T> broadcast(int root, @Nullable T value) throws InterruptedException {
        return await(values().broadcast(root), values().giveIfAny(value), null);
    }

    @Override
    default Outcome<T> broadcast(int root, @Nullable T value, Duration timeout) throws InterruptedException {
        return await(values().broadcast(root), values().giveIfAny(value), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<T>> broadcastAsync(int root, @Nullable T value) {
        return begin(values().broadcast(root), values().giveIfAny(value), null);
    }

    @Override
    default CompletableFuture<Outcome<T>> broadcastAsync(int root, @Nullable T value, Duration timeout) {
        return begin(values().broadcast(root), values().giveIfAny(value), Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<List<T>> gather(T value) throws InterruptedException {
        return await(values().gather(), values().give(value), null);
    }

    @Override
    default Outcome<List<T>> gather(T value, Duration timeout) throws InterruptedException {
        return await(values().gather(), values().give(value), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<List<T>>> gatherAsync(T value) {
        return begin(values().gather(), values().give(value), null);
    }

    @Override
    default CompletableFuture<Outcome<List<T>>> gatherAsync(T value, Duration timeout) {
        return begin(values().gather(), values().give(value), Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<T> scatter(@Nullable List<T> parts) throws InterruptedException {
        return await(values().scatter(), values().giveAllIfAny(parts), null);
    }

    @Override
    default Outcome<T> scatter(@Nullable List<T> parts, Duration timeout) throws InterruptedException {
        return await(values().scatter(), values().giveAllIfAny(parts), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<T>> scatterAsync(@Nullable List<T> parts) {
        return begin(values().scatter(), values().giveAllIfAny(parts), null);
    }

    @Override
    default CompletableFuture<Outcome<T>> scatterAsync(@Nullable List<T> parts, Duration timeout) {
        return begin(values().scatter(), values().giveAllIfAny(parts), Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<T> reduceScatter(List<T> parts) throws InterruptedException {
        return await(values().reduceScatter(), values().giveAll(parts), null);
    }

    @Override
    default Outcome<T> reduceScatter(List<T> parts, Duration timeout) throws InterruptedException {
        return await(values().reduceScatter(), values().giveAll(parts), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<T>> reduceScatterAsync(List<T> parts) {
        return begin(values().reduceScatter(), values().giveAll(parts), null);
    }

    @Override
    default CompletableFuture<Outcome<T>> reduceScatterAsync(List<T> parts, Duration timeout) {
        return begin(values().reduceScatter(), values().giveAll(parts), Checks.given("timeout", timeout));
    }
}
