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

    /** @param timeout {@code null} for that of the group */
    <V> Outcome<V> await(Call<V> call, @Nullable Duration timeout) throws InterruptedException;

    /** @param timeout {@code null} for that of the group */
    <V> CompletableFuture<Outcome<V>> begin(Call<V> call, @Nullable Duration timeout);

    @Override
    default Outcome<T> allReduce(T value) throws InterruptedException {
        return await(values().allReduce(value), null);
    }

    @Override
    default Outcome<T> allReduce(T value, Duration timeout) throws InterruptedException {
        return await(values().allReduce(value), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<T>> allReduceAsync(T value) {
        return begin(values().allReduce(value), null);
    }

    @Override
    default CompletableFuture<Outcome<T>> allReduceAsync(T value, Duration timeout) {
        return begin(values().allReduce(value), Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<List<T>> allGather(T value) throws InterruptedException {
        return await(values().allGather(value), null);
    }

    @Override
    default Outcome<List<T>> allGather(T value, Duration timeout) throws InterruptedException {
        return await(values().allGather(value), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<List<T>>> allGatherAsync(T value) {
        return begin(values().allGather(value), null);
    }

    @Override
    default CompletableFuture<Outcome<List<T>>> allGatherAsync(T value, Duration timeout) {
        return begin(values().allGather(value), Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<Boolean> agree(boolean vote) throws InterruptedException {
        return await(values().agree(vote), null);
    }

    @Override
    default Outcome<Boolean> agree(boolean vote, Duration timeout) throws InterruptedException {
        return await(values().agree(vote), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<Boolean>> agreeAsync(boolean vote) {
        return begin(values().agree(vote), null);
    }

    @Override
    default CompletableFuture<Outcome<Boolean>> agreeAsync(boolean vote, Duration timeout) {
        return begin(values().agree(vote), Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<T> broadcast(int root, @Nullable T value) throws InterruptedException {
        return await(values().broadcast(root, value), null);
    }

    @Override
    default Outcome<T> broadcast(int root, @Nullable T value, Duration timeout) throws InterruptedException {
        return await(values().broadcast(root, value), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<T>> broadcastAsync(int root, @Nullable T value) {
        return begin(values().broadcast(root, value), null);
    }

    @Override
    default CompletableFuture<Outcome<T>> broadcastAsync(int root, @Nullable T value, Duration timeout) {
        return begin(values().broadcast(root, value), Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<List<T>> gather(T value) throws InterruptedException {
        return await(values().gather(value), null);
    }

    @Override
    default Outcome<List<T>> gather(T value, Duration timeout) throws InterruptedException {
        return await(values().gather(value), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<List<T>>> gatherAsync(T value) {
        return begin(values().gather(value), null);
    }

    @Override
    default CompletableFuture<Outcome<List<T>>> gatherAsync(T value, Duration timeout) {
        return begin(values().gather(value), Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<T> scatter(@Nullable List<T> parts) throws InterruptedException {
        return await(values().scatter(parts), null);
    }

    @Override
    default Outcome<T> scatter(@Nullable List<T> parts, Duration timeout) throws InterruptedException {
        return await(values().scatter(parts), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<T>> scatterAsync(@Nullable List<T> parts) {
        return begin(values().scatter(parts), null);
    }

    @Override
    default CompletableFuture<Outcome<T>> scatterAsync(@Nullable List<T> parts, Duration timeout) {
        return begin(values().scatter(parts), Checks.given("timeout", timeout));
    }

    @Override
    default Outcome<T> reduceScatter(List<T> parts) throws InterruptedException {
        return await(values().reduceScatter(parts), null);
    }

    @Override
    default Outcome<T> reduceScatter(List<T> parts, Duration timeout) throws InterruptedException {
        return await(values().reduceScatter(parts), Checks.given("timeout", timeout));
    }

    @Override
    default CompletableFuture<Outcome<T>> reduceScatterAsync(List<T> parts) {
        return begin(values().reduceScatter(parts), null);
    }

    @Override
    default CompletableFuture<Outcome<T>> reduceScatterAsync(List<T> parts, Duration timeout) {
        return begin(values().reduceScatter(parts), Checks.given("timeout", timeout));
    }
}
