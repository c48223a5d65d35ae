package io.camure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Rounds in which the nodes of a group give values and get what has become of them, used alike at the coordinator and at the members:
 * the collective routines of MPI (MPI 4.1, chapter 6) as far as they make sense between services.
 *
 * <p>A round is complete when all nodes have called the same operation, as at a {@link Barrier}; the coordinator then makes the result, once, and
 * all get it with their release. The participants have ranks, from 0 on: the coordinator is 0 unless it takes no part, the members follow in
 * the order in which they were admitted. {@link Round#rank} and {@link Round#participants} tell them for the round that has ended; the next
 * one may have others. Who took part is exactly whose value counts, those included that were lost after they had arrived, which the coordinator finds
 * among {@link Round#lostMembers}.
 *
 * <p>All nodes call the same operations in the same order. If they don't, or their reducers or codecs have other names, the round ends for
 * everyone with a {@link CollectiveMismatchException} that names who has called what. If a reducer or an action fails or takes longer than
 * the group's timeout, or a value can't be decoded to be reduced, it ends for everyone with a {@link RoundBrokenException} that has the cause as text.
 *
 * <p>A node calls once a round. While one of its threads waits for a round, calls of others fail with an {@link IllegalStateException}. An
 * arrival can't be taken back, nor can its value: after a timeout, an interrupt or a cancelled future, the next call continues with the same round, by the
 * value that was given first, and gets its outcome even if that was decided meanwhile. It has to be a call of the same operation; another one
 * fails with an {@link IllegalStateException}. Thread-safe.
 *
 * <p>Each call waits for at most the group's timeout, or for the one that is given to it, and ends with
 * <ul>
 *   <li>a {@link RoundTimeoutException} if the others have not arrived in time;
 *   <li>a {@link RoundBrokenException} if the round ends without a result;
 *   <li>a {@link DisconnectedException} if this node is out of the group, or leaves or loses it meanwhile;
 *   <li>an {@link IllegalArgumentException} at once, without arriving, if the value is null, can't be encoded or is too long: see
 *       {@link CollectiveConfig.Builder#maximumValueBytes}.
 * </ul>
 *
 * <p>The {@code …Async} forms arrive without waiting. Their futures fail as the calls do, and are completed on the executor of the node's configuration
 * ({@link CoordinatorConfig.Builder#executor}, {@link MemberConfig.Builder#executor}).
 */
public interface Collective<T> extends Group {

    /**
     * Gives a value, and gets what the group's reducer makes of those of all nodes, and its action of that if there is one (MPI_Allreduce).
     *
     * @throws IllegalStateException if the group is configured without a reducer
     */
    Outcome<T> allReduce(T value) throws InterruptedException;

    /** As {@link #allReduce(Object)}, for at most {@code timeout}. */
    Outcome<T> allReduce(T value, Duration timeout) throws InterruptedException;

    /** As {@link #allReduce(Object)}, without waiting. */
    CompletableFuture<Outcome<T>> allReduceAsync(T value);

    /** As {@link #allReduce(Object)}, without waiting; the future fails when the others have not arrived within {@code timeout}. */
    CompletableFuture<Outcome<T>> allReduceAsync(T value, Duration timeout);

    /**
     * Gives a value, and gets those of all nodes, by their ranks (MPI_Allgather).
     */
    Outcome<List<T>> allGather(T value) throws InterruptedException;

    /** As {@link #allGather(Object)}, for at most {@code timeout}. */
    Outcome<List<T>> allGather(T value, Duration timeout) throws InterruptedException;

    /** As {@link #allGather(Object)}, without waiting. */
    CompletableFuture<Outcome<List<T>>> allGatherAsync(T value);

    /** As {@link #allGather(Object)}, without waiting; the future fails when the others have not arrived within {@code timeout}. */
    CompletableFuture<Outcome<List<T>>> allGatherAsync(T value, Duration timeout);

    /**
     * Votes, and gets whether all nodes have voted {@code true}.
     */
    Outcome<Boolean> agree(boolean vote) throws InterruptedException;

    /** As {@link #agree(boolean)}, for at most {@code timeout}. */
    Outcome<Boolean> agree(boolean vote, Duration timeout) throws InterruptedException;

    /** As {@link #agree(boolean)}, without waiting. */
    CompletableFuture<Outcome<Boolean>> agreeAsync(boolean vote);

    /** As {@link #agree(boolean)}, without waiting; the future fails when the others have not arrived within {@code timeout}. */
    CompletableFuture<Outcome<Boolean>> agreeAsync(boolean vote, Duration timeout);

    /**
     * Gets the value of one node (MPI_Bcast). If the round has no participant of that rank, or it has given {@code null}, the round breaks.
     *
     * @param root the rank of that node: 0…65535; the same at all nodes
     * @param value counts at that node only; {@code null} where there is none
     */
    Outcome<T> broadcast(int root, @Nullable T value) throws InterruptedException;

    /** As {@link #broadcast(int, Object)}, for at most {@code timeout}. */
    Outcome<T> broadcast(int root, @Nullable T value, Duration timeout) throws InterruptedException;

    /** As {@link #broadcast(int, Object)}, without waiting. */
    CompletableFuture<Outcome<T>> broadcastAsync(int root, @Nullable T value);

    /** As {@link #broadcast(int, Object)}, without waiting; the future fails when the others have not arrived within {@code timeout}. */
    CompletableFuture<Outcome<T>> broadcastAsync(int root, @Nullable T value, Duration timeout);

    /**
     * Gives a value, and gets those of all nodes, by their ranks, at the node of rank 0; at the others an empty list (MPI_Gather).
     */
    Outcome<List<T>> gather(T value) throws InterruptedException;

    /** As {@link #gather(Object)}, for at most {@code timeout}. */
    Outcome<List<T>> gather(T value, Duration timeout) throws InterruptedException;

    /** As {@link #gather(Object)}, without waiting. */
    CompletableFuture<Outcome<List<T>>> gatherAsync(T value);

    /** As {@link #gather(Object)}, without waiting; the future fails when the others have not arrived within {@code timeout}. */
    CompletableFuture<Outcome<List<T>>> gatherAsync(T value, Duration timeout);

    /**
     * Gets this node's part of what the node of rank 0 gives (MPI_Scatter). If it has not given one for each participant, the round breaks.
     *
     * @param parts by the ranks of the nodes; counts at the node of rank 0 only; {@code null} where there are none
     */
    Outcome<T> scatter(@Nullable List<T> parts) throws InterruptedException;

    /** As {@link #scatter(List)}, for at most {@code timeout}. */
    Outcome<T> scatter(@Nullable List<T> parts, Duration timeout) throws InterruptedException;

    /** As {@link #scatter(List)}, without waiting. */
    CompletableFuture<Outcome<T>> scatterAsync(@Nullable List<T> parts);

    /** As {@link #scatter(List)}, without waiting; the future fails when the others have not arrived within {@code timeout}. */
    CompletableFuture<Outcome<T>> scatterAsync(@Nullable List<T> parts, Duration timeout);

    /**
     * Gives a part for each node, and gets what the group's reducer makes of those that all have given for this node (MPI_Reduce_scatter_block). If a node has not
     * given one for each participant, the round breaks.
     *
     * @param parts by the ranks of the nodes
     * @throws IllegalStateException if the group is configured without a reducer
     */
    Outcome<T> reduceScatter(List<T> parts) throws InterruptedException;

    /** As {@link #reduceScatter(List)}, for at most {@code timeout}. */
    Outcome<T> reduceScatter(List<T> parts, Duration timeout) throws InterruptedException;

    /** As {@link #reduceScatter(List)}, without waiting. */
    CompletableFuture<Outcome<T>> reduceScatterAsync(List<T> parts);

    /** As {@link #reduceScatter(List)}, without waiting; the future fails when the others have not arrived within {@code timeout}. */
    CompletableFuture<Outcome<T>> reduceScatterAsync(List<T> parts, Duration timeout);
}
